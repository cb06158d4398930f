"""The exception tree. `str(error)` is one line that says what is wrong and what to do next.

SmartGalleryError
├── UsageError            a wrong argument or folder; exit code 2
│   └── ConfigError       a setting that cannot be used; names file and line
├── QuerySyntaxError      a query that cannot be read; knows its column
├── QueryTimeoutError     a query that takes too long
├── QueryCancelledError   a search that its caller gave up
├── DatabaseError           anything about our databases; exit code 3
│   ├── IndexLockedError  another process scans; names it
│   ├── IndexNewerError   made by a newer version
│   └── IndexForeignError not ours, or damaged beyond use
├── ContainerError        one file cannot be read; becomes the row's `problem`
├── MediaError            one file's pixels cannot be decoded
│   ├── MediaCancelledError nobody waits for the picture any more
│   ├── NoPreviewError    this kind of file has no pixels that we can show; it is not damaged
│   └── UndecodableError  the content defeats the decoder; it would do so again
├── ToolMissingError      an external program is not installed
├── FileGuardError        a path or name that must not be touched
├── FileChangeError       one file could not be changed; it is what it was
├── ReadOnlyError         a change asked for in read-only mode
└── TerminalError         no usable terminal; exit code 2
"""

from __future__ import annotations


class SmartGalleryError(Exception):
    """Base of every error that a user may see."""


class UsageError(SmartGalleryError):
    """An argument or folder cannot be used."""


class ConfigError(UsageError):
    """A setting cannot be used."""


class QuerySyntaxError(SmartGalleryError):
    """A query cannot be read.

    Args:
        message: What is wrong, naming the token.
        column: Zero-based position of the token in the query text.
        suggestion: A spelling that would work, or "".
    """

    def __init__(self, message: str, column: int, suggestion: str = "") -> None:
        super().__init__(message)
        self.column = column
        self.suggestion = suggestion


class QueryTimeoutError(SmartGalleryError):
    """A query takes too long: a regular expression over many texts."""


class QueryCancelledError(SmartGalleryError):
    """The caller gave a search up; there is no result."""


class DatabaseError(SmartGalleryError):
    """The databases cannot be used."""


class IndexLockedError(DatabaseError):
    """Another process holds the scanner lock."""


class IndexNewerError(DatabaseError):
    """The database was made by a newer version of the program."""


class IndexForeignError(DatabaseError):
    """The file in the database's place is not ours, or is damaged."""


class ContainerError(SmartGalleryError):
    """A file cannot be read as the container that it claims to be."""


class MediaError(SmartGalleryError):
    """A file's pixels cannot be decoded."""


class MediaCancelledError(MediaError):
    """The picture was not made because nobody waits for it, or the program is closing."""


class NoPreviewError(MediaError):
    """This kind of file has no pixels that can be shown; the file is not at fault."""


class UndecodableError(MediaError):
    """The content of a file cannot be decoded, and another try would end the same way."""


class ToolMissingError(SmartGalleryError):
    """An external program is not installed."""


class FileGuardError(SmartGalleryError):
    """A path or name must not be touched."""


class FileChangeError(SmartGalleryError):
    """A file could not be changed; it is where and what it was."""


class ReadOnlyError(SmartGalleryError):
    """A change was asked for in read-only mode."""


class TerminalError(SmartGalleryError):
    """There is no terminal to draw on."""
