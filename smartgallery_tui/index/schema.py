"""The tables: the one place of truth for `index.db` (rebuildable) and `user.db` (precious).

peewee declares the tables and writes their DDL; hot reads and writes are plain SQL with parameters
through `sqlite3`. Importing peewee costs some 50 ms, so only what creates or migrates a database
imports this module.

Conventions: paths are BLOBs made by `os.fsencode`; names for people are TEXT with U+FFFD where
bytes were undecodable; times are nanoseconds since 1970 (`_ns`); seeds are decimal TEXT because
they reach 2**64-1. Defaults live in Python, not in the DDL: an INSERT names every NOT NULL
column; an empty text stands for "not known" only where the column is NOT NULL.

Readers see both files in one connection: `index.db` as `main`, `user.db` attached as `user`
(`index.store.connect`).
"""

from __future__ import annotations

import peewee as pw


class Catalog(pw.Model):
    """Base of the tables in index.db."""


class Fact(Catalog):
    """Key and value pairs: `mirrored_serial`, `reader_version` ..."""

    key = pw.TextField(primary_key=True)
    value = pw.TextField()

    class Meta:
        """peewee options."""

        table_name = "meta"


class Root(Catalog):
    """A folder that the library covers, with everything beneath it."""

    id = pw.AutoField()
    path = pw.BlobField(unique=True)
    """Absolute, symlinks resolved."""
    role = pw.TextField(default="output")
    """`output`, `input` (hidden from the default view) or `extra`."""
    device = pw.IntegerField(null=True)
    is_online = pw.IntegerField(default=1)
    added_ns = pw.BigIntegerField()
    scanned_ns = pw.BigIntegerField(null=True)
    """When a scan last completed; NULL before the first."""

    class Meta:
        """peewee options."""

        table_name = "roots"


class Folder(Catalog):
    """A folder that was walked."""

    id = pw.AutoField()
    root_id = pw.IntegerField()
    path = pw.BlobField(unique=True)
    mtime_ns = pw.BigIntegerField()
    """As of the last complete listing; 0 asks for a new one."""
    display = pw.TextField()
    """Path relative to the root, "" for the root itself."""

    class Meta:
        """peewee options."""

        table_name = "folders"
        indexes = ((("root_id",), False),)


class File(Catalog):
    """A file: one row of the gallery."""

    id = pw.AutoField()
    folder_id = pw.IntegerField()
    root_id = pw.IntegerField()
    path = pw.BlobField(unique=True)
    name = pw.TextField()
    """Last part of the path, for people."""
    kind = pw.TextField()
    """`image`, `animated`, `video`, `audio`, `model`, `other`."""
    format = pw.TextField()
    size_bytes = pw.BigIntegerField()
    mtime_ns = pw.BigIntegerField()
    inode = pw.BigIntegerField()
    content_id = pw.BlobField(null=True)
    """16 bytes; NULL until the file has been read."""
    state = pw.TextField()
    """`unread`, `indexed`, `indexed_without_metadata`, `error_recorded`.
    A missing file keeps its state and has `missing_since_ns`."""
    problem = pw.TextField(null=True)
    missing_since_ns = pw.BigIntegerField(null=True)
    companion_of = pw.IntegerField(null=True)
    """Id of the file that this one belongs to (a video's still); hidden from every result."""
    reader_version = pw.IntegerField(default=0)
    """`metadata.READER_VERSION` that read it."""
    width = pw.IntegerField(null=True)
    height = pw.IntegerField(null=True)
    duration_ms = pw.IntegerField(null=True)
    frames = pw.IntegerField(null=True)
    frame_rate = pw.FloatField(null=True)
    generator = pw.TextField(null=True)
    sources = pw.TextField(default="")
    """`prompt,workflow,parameters`: those that the file holds, joined by commas."""
    has_workflow = pw.IntegerField(default=0)
    has_headline = pw.IntegerField(default=0)
    prompt_preview = pw.TextField(default="")
    model = pw.TextField(null=True)
    """Headline values from here on; names as written by the tool that made the file."""
    sampler = pw.TextField(null=True)
    scheduler = pw.TextField(null=True)
    steps = pw.IntegerField(null=True)
    cfg = pw.FloatField(null=True)
    guidance = pw.FloatField(null=True)
    denoise = pw.FloatField(null=True)
    seed = pw.TextField(null=True)
    gen_width = pw.IntegerField(null=True)
    gen_height = pw.IntegerField(null=True)
    headline_extra = pw.TextField(default="")
    """JSON `{"models": [...], "loras": [[name, model, clip, in_prompt], ...]}` or ""."""
    pass_count = pw.IntegerField(default=0)
    is_favorite = pw.IntegerField(default=0)
    """Mirror of user.db from here on."""
    rating = pw.IntegerField(default=0)
    status = pw.TextField(default="")
    node_set_id = pw.IntegerField(null=True)
    """The node classes of its graph, as one of `node_sets`."""
    read_ns = pw.BigIntegerField(null=True)
    """When it was read last; NULL where nobody noted it."""

    class Meta:
        """peewee options."""

        table_name = "files"
        indexes = (
            (("mtime_ns", "id"), False),
            (("folder_id",), False),
            (("inode",), False),
        )


class WorkflowMetadata(Catalog):
    """One sampling pass of a file."""

    file_id = pw.IntegerField()
    pass_index = pw.IntegerField()
    node = pw.TextField()
    class_type = pw.TextField()
    model = pw.TextField(null=True)
    sampler = pw.TextField(null=True)
    scheduler = pw.TextField(null=True)
    steps = pw.IntegerField(null=True)
    cfg = pw.FloatField(null=True)
    guidance = pw.FloatField(null=True)
    denoise = pw.FloatField(null=True)
    seed = pw.TextField(null=True)
    width = pw.IntegerField(null=True)
    height = pw.IntegerField(null=True)
    positive = pw.TextField(default="")
    """Ids of `texts`, joined by blanks, in order."""
    negative = pw.TextField(default="")
    extra = pw.TextField(default="")
    """JSON `{"models": [...], "loras": [...]}` where the columns cannot hold it, else ""."""

    class Meta:
        """peewee options."""

        table_name = "workflow_metadata"
        primary_key = pw.CompositeKey("file_id", "pass_index")
        without_rowid = True


class Name(Catalog):
    """A model, LoRA, VAE, input file, node class ...: each spelling once per role."""

    id = pw.AutoField()
    role = pw.TextField()
    """A `records.NameRole`."""
    name = pw.TextField()
    """As written."""
    normal = pw.TextField()
    """`records.names.normalise_name(name)`: what searches compare."""

    class Meta:
        """peewee options."""

        table_name = "names"
        indexes = ((("role", "name"), True), (("normal",), False))


class NodeSet(Catalog):
    """The node classes of a graph.

    Thousands of files share a set; a row for each class of each file would be the largest table
    and the slowest part of a scan.
    """

    id = pw.AutoField()
    classes = pw.TextField(unique=True)
    """The classes as written, sorted, a line each."""

    class Meta:
        """peewee options."""

        table_name = "node_sets"


class NodeSetName(Catalog):
    """A node set holds a name of the role `node`."""

    set_id = pw.IntegerField()
    name_id = pw.IntegerField()

    class Meta:
        """peewee options."""

        table_name = "node_set_names"
        primary_key = pw.CompositeKey("set_id", "name_id")
        without_rowid = True


class FileName(Catalog):
    """A file uses a name; node classes are in node sets instead."""

    file_id = pw.IntegerField()
    name_id = pw.IntegerField()
    strength_model = pw.FloatField(null=True)
    strength_clip = pw.FloatField(null=True)

    class Meta:
        """peewee options."""

        table_name = "file_names"
        primary_key = pw.CompositeKey("file_id", "name_id")
        without_rowid = True
        indexes = ((("name_id",), False),)


class Text(Catalog):
    """A prompt, each once. `texts_fts` indexes `search_form(body)`."""

    id = pw.AutoField()
    digest = pw.IntegerField(index=True)
    """`records.text_digest` of the UTF-8 text."""
    body = pw.TextField()

    class Meta:
        """peewee options."""

        table_name = "texts"


class FileText(Catalog):
    """A file's headline and pass prompts."""

    file_id = pw.IntegerField()
    text_id = pw.IntegerField()
    role = pw.IntegerField()
    """0 positive, 1 negative (any pass or the headline)."""
    rank = pw.IntegerField(null=True)
    """Place within the headline's list; NULL where only a pass uses the text."""

    class Meta:
        """peewee options."""

        table_name = "file_texts"
        primary_key = pw.CompositeKey("file_id", "role", "text_id")
        without_rowid = True
        indexes = ((("text_id", "role"), False),)


class RowNews(Catalog):
    """Which files a transaction changed; see `index.news`."""

    serial = pw.BigIntegerField(primary_key=True)
    ids = pw.TextField(null=True)
    """JSON: runs of ids, those with other values and those that come or go; NULL: any."""

    class Meta:
        """peewee options."""

        table_name = "row_news"


class UserTable(pw.Model):
    """Base of the tables in user.db."""


class Setting(UserTable):
    """Key and value pairs of user.db: `library_id` ..."""

    key = pw.TextField(primary_key=True)
    value = pw.TextField()

    class Meta:
        """peewee options."""

        table_name = "user_meta"


class Mark(UserTable):
    """What a user said of one content; a row with defaults means nothing."""

    content_id = pw.BlobField(primary_key=True)
    is_favorite = pw.IntegerField(default=0)
    rating = pw.IntegerField(default=0)
    status = pw.TextField(default="")
    note = pw.TextField(default="")
    updated_ns = pw.BigIntegerField()
    serial = pw.IntegerField(index=True)
    """Grows with every change of any mark: tells what index.db has not mirrored yet."""

    class Meta:
        """peewee options."""

        table_name = "marks"


class Tag(UserTable):
    """A word of the user's vocabulary."""

    id = pw.AutoField()
    name = pw.TextField(unique=True, collation="NOCASE")

    class Meta:
        """peewee options."""

        table_name = "tags"


class ContentTag(UserTable):
    """A content has a tag."""

    content_id = pw.BlobField()
    tag_id = pw.IntegerField()

    class Meta:
        """peewee options."""

        table_name = "content_tags"
        primary_key = pw.CompositeKey("content_id", "tag_id")
        without_rowid = True
        indexes = ((("tag_id",), False),)


class Album(UserTable):
    """A named list of contents."""

    id = pw.AutoField()
    name = pw.TextField(unique=True, collation="NOCASE")
    """`a/b` lies below `a`."""
    note = pw.TextField(null=True)

    class Meta:
        """peewee options."""

        table_name = "albums"


class AlbumItem(UserTable):
    """A content is in an album."""

    content_id = pw.BlobField()
    album_id = pw.IntegerField()
    added_ns = pw.BigIntegerField()

    class Meta:
        """peewee options."""

        table_name = "album_items"
        primary_key = pw.CompositeKey("content_id", "album_id")
        without_rowid = True
        indexes = ((("album_id",), False),)


class Journal(UserTable):
    """Every change of user data and every file operation, with its inverse and its actor."""

    id = pw.AutoField()
    group_id = pw.IntegerField()
    """Id of the first row of the same action: undone and redone together."""
    at_ns = pw.BigIntegerField()
    actor = pw.TextField()
    action = pw.TextField()
    """`mark`, `tag`, `album`, or a file operation (`rename`, `move`, `trash` ...)."""
    content_id = pw.BlobField(null=True)
    before = pw.TextField()
    """JSON: what to write back to undo it."""
    after = pw.TextField()
    """JSON: what to write again to redo it."""
    state = pw.TextField(default="done")
    """`intent`, `done`, `undone`, `failed`, `dropped` (undone, then something else was done)."""

    class Meta:
        """peewee options."""

        table_name = "journal"
        indexes = ((("group_id",), False),)


class SavedSearch(UserTable):
    """A query that the user named."""

    id = pw.AutoField()
    name = pw.TextField(unique=True)
    text = pw.TextField()
    sort = pw.TextField(default="date")
    is_descending = pw.IntegerField(default=1)
    created_ns = pw.BigIntegerField()

    class Meta:
        """peewee options."""

        table_name = "saved_searches"


class RecentSearch(UserTable):
    """A query that was used, newest last."""

    text = pw.TextField(primary_key=True)
    used_ns = pw.BigIntegerField()

    class Meta:
        """peewee options."""

        table_name = "recent_searches"


class UiState(UserTable):
    """What the screens remember, as JSON."""

    key = pw.TextField(primary_key=True)
    value = pw.TextField()

    class Meta:
        """peewee options."""

        table_name = "ui_state"


CATALOG_MODELS: tuple[type[pw.Model], ...] = (
    Fact, Root, Folder, File, WorkflowMetadata, Name, NodeSet, NodeSetName, FileName, Text,
    FileText, RowNews,
)  # fmt: skip
USER_MODELS: tuple[type[pw.Model], ...] = (
    Setting, Mark, Tag, ContentTag, Album, AlbumItem, Journal, SavedSearch, RecentSearch, UiState,
)  # fmt: skip

CATALOG_EXTRAS: tuple[str, ...] = (
    # Partial indices: peewee binds their conditions as parameters, which DDL cannot have.
    "CREATE INDEX file_content_id ON files (content_id) WHERE content_id IS NOT NULL",
    "CREATE INDEX file_unread ON files (mtime_ns) WHERE state = 'unread'",
    "CREATE INDEX file_problem ON files (id) WHERE problem IS NOT NULL",
    "CREATE INDEX file_missing ON files (id) WHERE missing_since_ns IS NOT NULL",
    "CREATE INDEX file_node_set ON files (node_set_id) WHERE node_set_id IS NOT NULL",
    "CREATE INDEX file_companion ON files (companion_of) WHERE companion_of IS NOT NULL",
    # Contentless: the words are those of search_form(body); a text is never changed, only added.
    "CREATE VIRTUAL TABLE texts_fts USING fts5(body, content='', tokenize='ascii')",
    # Few and late merges, bit by bit: a scan adds many texts in a row, and sixty pieces are
    # searched as fast as fifteen.
    "INSERT INTO texts_fts (texts_fts, rank) VALUES ('automerge', 64)",
    "INSERT INTO texts_fts (texts_fts, rank) VALUES ('crisismerge', 128)",
)
"""Partial indices and the full-text table; the latter is filled by each batch
(`insert .. select`), never by a trigger."""


def statements(models: tuple[type[pw.Model], ...]) -> list[str]:
    """Return the CREATE TABLE and CREATE INDEX statements of `models`, in order."""
    recorder = _Recorder(None)
    with recorder.bind_ctx(models):
        for model in models:
            pw.SchemaManager(model).create_all(safe=False)
    return recorder.seen


class _Recorder(pw.SqliteDatabase):
    """A database that notes the statements it is asked to run."""

    def __init__(self, database: str | None) -> None:
        super().__init__(database)
        self.seen: list[str] = []

    def execute_sql(self, sql: str, params: object = None, **_options: object) -> None:
        self.seen.append(sql)
