"""Pictures of items through the library: kept, shared, prefetched, cancelled, closed."""

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from smartgallery_tui.errors import (
    MediaCancelledError,
    MediaError,
    NoPreviewError,
    SmartGalleryError,
    ToolMissingError,
)
from smartgallery_tui.records import Settings, SyncProgress, ToolSettings, ViewSettings

BOX = (100, 80)


@pytest.fixture
def folder(tmp_path):
    """Six pictures of different sizes, a sound, and a damaged picture."""
    root = tmp_path / "pictures"
    root.mkdir()
    for number in range(6):
        image = Image.linear_gradient("L").resize((320 + number, 200)).convert("RGB")
        image.save(root / f"{number}.png")
        os.utime(root / f"{number}.png", ns=(0, 1_700_000_000_000_000_000 + number))
    (root / "sound.mp3").write_bytes(b"ID3\4" + bytes(200))
    Image.effect_noise((200, 200), 50).save(root / "cut.png")
    damaged = bytearray((root / "cut.png").read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 400] = b"\xff" * 400
    (root / "cut.png").write_bytes(damaged)
    return root


@pytest.fixture
def opened(open_library, folder):
    library = open_library(folder)
    library.sync()
    return library


def ids(library):
    """Return the ids of the items by name."""
    return {item.name: item.id for item in library.search().page(0, 100)}


def pool_of(library):
    return library._parts.showing._pictures()


def decoders(library):
    return pool_of(library)._maker.process_ids()


def forget(library):
    """Empty the memory, as a restart would."""
    pool_of(library)._memory.clear()


def is_alive(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_for(condition, limit_s=60.0):
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_nothing_starts_before_it_is_needed(opened):
    assert opened._parts.showing._opened is None
    ids(opened)
    assert not list(opened.cache_dir.glob("thumbs.db"))


def test_a_thumbnail_is_made_once(opened):
    one = ids(opened)["1.png"]
    assert opened.micro(one) is None
    first = opened.thumbnail(one, BOX)
    assert (first.width_px, first.height_px, len(first.rgb)) == (100, 62, 100 * 62 * 3)
    assert opened.thumbnail(one, BOX) is first
    [pid] = decoders(opened)
    os.kill(pid, signal.SIGKILL)
    forget(opened)
    again = opened.thumbnail(one, BOX)
    assert (again.width_px, again.height_px) == (100, 62)
    assert max(opened.micro(one).width_px, opened.micro(one).height_px) == 64
    assert opened._parts.showing._pictures().memory_stats().size == 1


def test_kept_for_the_next_start(open_library, opened, folder):
    one = ids(opened)["1.png"]
    opened.thumbnail(one, BOX)
    opened.close()
    again = open_library(folder)
    assert again.thumbnail(one, BOX).width_px == 100
    assert decoders(again) == []


def test_a_copy_shares_its_thumbnail(opened, folder):
    opened.thumbnail(ids(opened)["1.png"], BOX)
    shutil.copy2(folder / "1.png", folder / "copy.png")
    opened.sync()
    before = decoders(opened)
    forget(opened)
    assert opened.thumbnail(ids(opened)["copy.png"], BOX).width_px == 100
    assert decoders(opened) == before


def test_changed_content_gets_a_new_picture(opened, folder):
    one = ids(opened)["1.png"]
    old = opened.thumbnail(one, BOX)
    Image.new("RGB", (50, 50), "red").save(folder / "1.png")
    # Until the scan has seen it, the new pixels must not be kept under the old content.
    forget(opened)
    pool_of(opened)._maker.store.prune_orphans(lambda _contents: set())
    assert opened.thumbnail(one, BOX).width_px == 50
    assert opened.micro(one) is None
    opened.sync()
    assert opened.thumbnail(one, BOX).rgb != old.rgb
    assert opened.micro(one) is not None


def test_the_setting_gives_the_kept_size(open_library, folder, tmp_path):
    settings = Settings(view=ViewSettings(thumbnail_size=128, thumbnail_quality=60))
    library = open_library(folder, settings=settings)
    library.sync()
    library.thumbnail(ids(library)["1.png"], (40, 40))
    store = pool_of(library)._maker.store
    content = library.item(ids(library)["1.png"]).content_id
    assert store.thumbnail(content, 128)
    assert store.thumbnail(content, 129) is None


def test_sharp_pictures_and_large_boxes(opened):
    one = ids(opened)["1.png"]
    assert opened.picture(one, (300, 300)).width_px == 300
    assert opened.picture(one, (9000, 9000)).width_px == 321
    assert opened.thumbnail(one, (600, 600)).width_px == 321


def test_what_has_no_picture(opened):
    names = ids(opened)
    with pytest.raises(NoPreviewError, match="sound"):
        opened.thumbnail(names["sound.mp3"], BOX)
    with pytest.raises(MediaError, match="damaged PNG"):
        opened.thumbnail(names["cut.png"], BOX)
    with pytest.raises(SmartGalleryError):
        opened.thumbnail(10_000, BOX)


def test_a_failure_is_remembered_for_a_while(opened):
    cut = ids(opened)["cut.png"]
    errors = []
    for _ in range(2):
        with pytest.raises(MediaError) as caught:
            opened.thumbnail(cut, BOX)
        errors.append(caught.value)
    assert errors[0] is errors[1]


def test_a_crash_costs_one_picture(opened, monkeypatch):
    names = ids(opened)
    opened.thumbnail(names["0.png"], BOX)
    [pid] = decoders(opened)
    os.kill(pid, signal.SIGSTOP)
    errors = []

    def ask():
        try:
            opened.thumbnail(names["1.png"], BOX)
        except MediaError as error:
            errors.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    wait_for(lambda: pool_of(opened)._maker._decoder._busy)
    os.kill(pid, signal.SIGSEGV)
    os.kill(pid, signal.SIGCONT)
    thread.join(20)
    assert errors == [], "it died before it saw the file"
    assert opened.thumbnail(names["2.png"], BOX).width_px == 100


def test_many_callers_share_one_job(opened):
    one = ids(opened)["1.png"]
    calls = []
    maker = pool_of(opened)._maker
    real, begin = maker.make, threading.Event()

    def slow(*args, **options):
        calls.append(args)
        begin.wait(10)
        return real(*args, **options)

    maker.make = slow
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(opened.thumbnail(one, BOX))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    wait_for(lambda: any(shared.waiting == 5 for shared in pool_of(opened)._running.values()))
    begin.set()
    for thread in threads:
        thread.join(20)
    assert len(calls) == 1
    assert len(found) == 5


def test_a_caller_that_gives_up_returns_at_once(opened):
    names = ids(opened)
    maker = pool_of(opened)._maker
    real, begin, token = maker.make, threading.Event(), threading.Event()
    maker.make = lambda *args, **options: begin.wait(10) and real(*args, **options)
    timer = threading.Timer(0.1, token.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(MediaCancelledError):
        opened.thumbnail(names["1.png"], BOX, cancelled=token)
    assert time.monotonic() - began < 5
    begin.set()
    timer.join()
    assert opened.thumbnail(names["1.png"], BOX).width_px == 100


def test_prefetch_makes_in_order_and_drops_what_is_stale(opened):
    names = ids(opened)
    order = [names[f"{number}.png"] for number in range(6)]
    pictures = pool_of(opened)
    made, hold, begun = [], threading.Event(), threading.Event()
    real = pictures._maker.make

    def noting(item, *args, **options):
        made.append(item.id)
        begun.set()
        hold.wait(10)
        return real(item, *args, **options)

    pictures._maker.make = noting
    pictures._jobs._size = 1
    opened.prefetch(order[:4], BOX)
    assert begun.wait(10)
    first = made[0]
    opened.prefetch(order[4:], BOX)
    hold.set()
    wait_for(lambda: len(made) == 3 and not pictures._jobs._heap)
    assert made == [first, order[4], order[5]]
    wait_for(lambda: pictures.memory_stats().size == 3)
    opened.prefetch([10_000], BOX)  # an unknown item is nobody's trouble
    opened.prefetch([], BOX)


def test_prefetch_of_nothing_starts_a_process(opened):
    opened.prefetch([], BOX)
    wait_for(lambda: len(decoders(opened)) == 1)


def test_payloads_belong_to_the_content(opened, folder):
    one = ids(opened)["1.png"]
    assert opened.cached_payload(one, "kitty 20x10") is None
    opened.store_payload(one, "kitty 20x10", b"encoded")
    assert opened.cached_payload(one, "kitty 20x10") == b"encoded"
    Image.new("RGB", (50, 50)).save(folder / "1.png")
    opened.sync()
    assert opened.cached_payload(one, "kitty 20x10") is None


def test_making_all_thumbnails(opened, folder):
    events = []
    report = opened.make_thumbnails(events.append)
    assert (report.made, report.kept, report.failed) == (6, 0, 1)
    assert isinstance(events[-1], SyncProgress)
    assert (events[-1].done, events[-1].total) == (7, 7)
    cut = opened.item(ids(opened)["cut.png"])
    assert cut.state == "error_recorded"
    assert cut.problem.startswith("damaged PNG")
    again = opened.make_thumbnails()
    assert (again.made, again.kept, again.failed) == (0, 6, 1)
    (folder / "5.png").unlink()
    Image.new("RGB", (9, 9)).save(folder / "new.png")
    opened.sync(thumbs=True)
    assert opened.micro(ids(opened)["new.png"]) is not None


def test_thumbnails_of_vanished_contents_go(opened):
    opened.make_thumbnails()
    store = pool_of(opened)._maker.store
    content = bytes(16)
    from smartgallery_tui.index.thumbs import Entry

    store.add(content, [Entry("micro", b"x")])
    opened.make_thumbnails()
    assert store.micro(content) is None
    assert opened.micro(ids(opened)["1.png"]) is not None


def test_the_store_is_tidied_behind_everything_else(opened, monkeypatch):
    from smartgallery_tui.index.thumbs import Entry

    opened.thumbnail(ids(opened)["1.png"], BOX)
    store = pool_of(opened)._maker.store
    monkeypatch.setattr("smartgallery_tui.index.thumbs._PRUNE_BATCH", 2)
    for number in range(7):
        store.add(bytes([number]) * 16, [Entry("payload", bytes(9000), key="k")])
    opened.sync()
    wait_for(lambda: not pool_of(opened).tidying._is_running)
    assert all(store.payload(bytes([number]) * 16, "k") is None for number in range(7))
    assert opened.micro(ids(opened)["1.png"]) is not None
    # Once an hour is enough.
    store.add(bytes([1]) * 16, [Entry("payload", b"x", key="k")])
    opened.sync()
    assert not pool_of(opened).tidying._is_running
    assert store.payload(bytes([1]) * 16, "k") == b"x"


def asked_decoder(library, monkeypatch):
    """Return a list that gets the name of every file which the decoder is asked for."""
    asked = []
    decoder = pool_of(library)._maker._decoder
    still = decoder.still

    def noting(path, *args, **options):
        asked.append(Path(path).name)
        return still(path, *args, **options)

    monkeypatch.setattr(decoder, "still", noting)
    return asked


def test_what_cannot_be_decoded_is_not_tried_again(opened, folder, monkeypatch):
    opened.make_thumbnails()
    asked = asked_decoder(opened, monkeypatch)
    opened.make_thumbnails()
    assert asked == []
    opened.make_thumbnails(retries=True)
    assert asked == ["cut.png"]
    # Another decoder may do better, and so may other content.
    monkeypatch.setattr("PIL.__version__", "99")
    opened.make_thumbnails()
    assert asked == ["cut.png"] * 2
    Image.new("RGB", (9, 9)).save(folder / "cut.png")
    opened.sync()
    assert opened.make_thumbnails().failed == 0
    assert opened.item(ids(opened)["cut.png"]).problem is None


def test_a_failure_that_says_nothing_of_the_content_is_tried_again(opened, monkeypatch):
    pictures = pool_of(opened)

    def refuse(*_args, **_options):
        raise MediaError("cannot open the file: Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(pictures._maker._decoder, "still", refuse)
        assert opened.make_thumbnails().failed == 7
    assert opened.make_thumbnails().made == 6


def test_thumbnails_for_some_items(opened, folder):
    names = ids(opened)
    events = []
    wanted = [names["2.png"], names["sound.mp3"], names["4.png"], 10_000]
    report = opened._parts.showing.thumbnails_for(wanted, events.append)
    assert (report.made, report.kept, report.failed) == (2, 0, 0)
    assert (events[-1].done, events[-1].total) == (2, 2)
    assert opened.micro(names["4.png"]) is not None
    assert opened.micro(names["1.png"]) is None
    assert opened._parts.showing.thumbnails_for(wanted).kept == 2
    token = threading.Event()
    token.set()
    assert opened._parts.showing.thumbnails_for([names["1.png"]], cancelled=token).was_cancelled


def test_making_all_can_be_cancelled(opened):
    token = threading.Event()
    token.set()
    report = opened.make_thumbnails(cancelled=token)
    assert report.was_cancelled
    assert report.made < 6


def test_closing_meanwhile_blames_no_file(open_library, opened, folder):
    opened.thumbnail(ids(opened)["0.png"], BOX)
    for pid in decoders(opened):
        os.kill(pid, signal.SIGSTOP)
    maker = pool_of(opened)._maker
    noted = []
    from smartgallery_tui.library.thumbnailing import Listeners, Thumbnailing

    run = Thumbnailing(maker, Listeners(noted.extend), threading.Event())
    pages = [[item for item in opened.search().page(0, 100) if item.name[0] in "12345"]]
    thread = threading.Thread(target=run.run, args=(pages, 5))
    thread.start()
    wait_for(lambda: maker._decoder._busy)
    for pid in decoders(opened):
        os.kill(pid, signal.SIGSTOP)
    opened.close()
    thread.join(20)
    assert not thread.is_alive()
    assert noted == []


def test_a_vanished_file_is_not_called_damaged(opened, folder):
    (folder / "3.png").unlink()
    report = opened.make_thumbnails()
    assert report.failed == 2
    assert opened.item(ids(opened)["3.png"]).problem is None


def test_frames_and_storyboard_of_an_animation(opened, folder):
    frames = [Image.new("RGB", (20, 20), (12 * number, 0, 0)) for number in range(20)]
    frames[0].save(folder / "a.webp", save_all=True, append_images=frames[1:], duration=40,
                   lossless=True)  # fmt: skip
    opened.sync()
    moving = ids(opened)["a.webp"]
    found = opened.frames(moving, (10, 10), 4)
    assert [(one.picture.rgb[0], one.duration_ms) for one in found] == [
        (12 * number, 40) for number in range(4)
    ]
    board = opened.storyboard(moving, (10, 10))
    assert (len(board), board[0].rgb[0], board[-1].rgb[0]) == (11, 0, 12 * 19)


@pytest.fixture
def clip(folder):
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    source = ["-f", "lavfi", "-i", "testsrc=size=160x96:rate=8:duration=3"]
    argv = ["ffmpeg", "-nostdin", "-v", "error", *source, str(folder / "clip.mp4")]
    subprocess.run(argv, check=True)
    return folder / "clip.mp4"


def test_video(open_library, folder, clip, monkeypatch):
    library = open_library(folder)
    library.sync()
    item_id = ids(library)["clip.mp4"]
    assert library.thumbnail(item_id, BOX).width_px == 100
    assert library.micro(item_id).width_px == 64
    assert library.picture(item_id, (160, 160)).width_px == 160
    assert len(library.storyboard(item_id, BOX)) == 11
    assert library.media_notice() == ""
    whole = library.storyboard(item_id, (32, 32))
    pool_of(library)._maker.store.prune_orphans(lambda _contents: set())
    monkeypatch.setattr("smartgallery_tui.media.video.WHOLE_CLIP_MS", 100)
    sought = library.storyboard(item_id, (32, 32))
    assert len(sought) == 11
    assert sought[-1] == whole[-1]


def test_a_small_storyboard_is_kept(open_library, folder, clip, monkeypatch):
    library = open_library(folder)
    library.sync()
    item_id = ids(library)["clip.mp4"]
    made = library.storyboard(item_id, BOX)
    library.storyboard(item_id, (640, 640))
    maker = pool_of(library)._maker

    def made_again(*_):
        raise MediaError("made again")

    monkeypatch.setattr(maker, "storyboard_parts", made_again)
    kept = library.storyboard(item_id, BOX)
    assert [(one.width_px, one.height_px) for one in kept] == [(100, 60)] * 11
    darkest = [min(range(11), key=lambda n, b=board: sum(b[n].rgb)) for board in (made, kept)]
    assert darkest[0] == darkest[1], "in their order"
    with pytest.raises(MediaError, match="made again"):
        library.storyboard(item_id, (640, 640))


def test_a_damaged_storyboard_is_made_again(open_library, folder, clip):
    library = open_library(folder)
    library.sync()
    item_id = ids(library)["clip.mp4"]
    library.store_payload(item_id, f"storyboard-1:{BOX[0]}x{BOX[1]}", b"\x0b\x00\x00")
    assert len(library.storyboard(item_id, BOX)) == 11


def test_a_changed_file_keeps_no_storyboard_under_its_old_content(open_library, folder, clip):
    library = open_library(folder)
    library.sync()
    item_id = ids(library)["clip.mp4"]
    os.utime(clip, (1, 1))
    library.storyboard(item_id, BOX)
    assert library.cached_payload(item_id, f"storyboard-1:{BOX[0]}x{BOX[1]}") is None


def test_missing_ffmpeg_is_said_once(open_library, folder, clip):
    settings = Settings(tools=ToolSettings(ffmpeg="no-ffmpeg", ffprobe="no-ffprobe"))
    library = open_library(folder, settings=settings)
    library.sync()
    item_id = ids(library)["clip.mp4"]
    assert library.media_notice() == ""
    for _ in range(2):
        with pytest.raises(NoPreviewError, match="without ffmpeg"):
            library.thumbnail(item_id, BOX)
    assert "apt-get install" in library.media_notice()
    assert library.media_notice() == ""
    with pytest.raises(ToolMissingError):
        library.storyboard(item_id, BOX)
    library.make_thumbnails()
    assert library.item(item_id).problem is None


def test_close_returns_soon_with_hung_decoders(opened):
    names = ids(opened)
    opened.thumbnail(names["0.png"], BOX)
    for pid in decoders(opened):
        os.kill(pid, signal.SIGSTOP)
    errors = []

    def ask(name):
        try:
            opened.thumbnail(names[name], BOX)
        except MediaError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(f"{number}.png",)) for number in range(1, 6)]
    for thread in threads:
        thread.start()
    wait_for(lambda: decoders(opened))
    pids = decoders(opened)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    opened.close()
    assert time.monotonic() - began < 10
    for thread in threads:
        thread.join(20)
    assert not any(is_alive(pid) for pid in pids)
    with pytest.raises(MediaCancelledError):
        opened.thumbnail(names["5.png"], BOX)
