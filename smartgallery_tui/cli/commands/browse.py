"""`smartgallery [DIR|FILE]`: browses a folder on the terminal."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui import log
from smartgallery_tui.cli.attaching import terminal_caps
from smartgallery_tui.cli.context import existing_folder
from smartgallery_tui.cli.drawing import lend_terminal, require_terminal
from smartgallery_tui.cli.hangup import end_with_terminal
from smartgallery_tui.cli.output import complain, stderr
from smartgallery_tui.cli.parser import similar_command
from smartgallery_tui.cli.settings_file import SettingsFile, list_folders
from smartgallery_tui.config import detect_comfyui, load_themes, set_value
from smartgallery_tui.demo import make_demo
from smartgallery_tui.errors import ConfigError, UsageError
from smartgallery_tui.records.home import at_home
from smartgallery_tui.terminal.environment import prepare_environment

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator, Sequence

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.config import Detection
    from smartgallery_tui.library import Library
    from smartgallery_tui.ui.options import AppOptions, AppResult

HAS_QUERY = False

_CLOSE_LIMIT_S = 0.7
"""A hung worker must not keep the terminal: after this the process ends without it."""


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("path", nargs="?", metavar="DIR|FILE", help="what to browse")


def run(context: Context) -> int:
    """Browse until the user leaves and return the exit code."""
    path = context.arguments.path
    folder, start_path = _target(path) if path else ("", "")
    require_terminal()
    result = browse(context, [folder] if folder else [], start_path=start_path)
    end_hung_process(result.code)
    return result.code


def browse(
    context: Context, roots: Sequence[str], *, start_path: str = "", is_pick: bool = False,
    query: str = "",
) -> AppResult:  # fmt: skip
    """Run the app on folders (none: the configured ones, or a first screen that asks).

    The terminal is restored and the library closed when this returns; what is left to print may
    be printed before `end_hung_process`.
    """
    prepare_environment(os.environ)
    opener = _Opener(context)
    with _logging(context), lend_terminal():
        caps = terminal_caps(context)
        from smartgallery_tui.ui.app import run_app  # Textual reads its environment when loaded

        try:
            library = opener.open(roots) if roots or opener.knows_roots() else None
            options = _options(
                context, opener, start_path, is_slow_link=caps.is_remote, is_pick=is_pick,
                query=query, is_first_run=library is None,
            )  # fmt: skip
            if caps.protocol == "none" and caps.asked == "auto":
                options = dataclasses.replace(options, notices=(*options.notices, caps.reason))
            with end_with_terminal(sys.stdin.fileno(), opener.close):
                result = run_app(library, caps, options)
        finally:
            opener.close()
    if result.message:
        complain(result.message.removeprefix("smartgallery "))
    return result


class _Opener:
    """Opens libraries for the app and closes what it opened."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._opened: list[Library] = []
        self.notices: list[str] = []
        """What opening found worth telling."""

    def open(self, roots: Sequence[str]) -> Library:
        is_read_only = self._context.settings.safety.read_only
        library, notices = self._context.open_quietly(roots, is_read_only=is_read_only)
        self._opened.append(library)
        self.notices += [text for text in notices if text not in self.notices]
        return library

    def knows_roots(self) -> bool:
        """Tell whether the settings or the index name a folder to show; the demo is none."""
        if self._context.configured_roots():
            return True
        if not self._context.paths.data_dir.exists():
            return False
        demo = str(self._context.paths.demo_dir.resolve())
        roots = self.open(()).roots()
        return any(root.role != "input" and root.path != demo for root in roots)

    def open_folder(self, found: Detection | None, text: str) -> Library:
        """Open the folder that a user typed and remember it in the settings.

        Of the ComfyUI that was found, its input folder is remembered as well.
        """
        folder = existing_folder(text)
        values = {"library.output_path": folder}
        if found is not None and found.input_dir and folder == found.output_dir:
            values["library.input_path"] = found.input_dir
        before = self._context.settings
        input_path = values.get("library.input_path", before.library.input_path)
        folders = replace(before.library, output_path=folder, input_path=input_path)
        self._context = replace(self._context, settings=replace(before, library=folders))
        library = self.open(())
        with contextlib.suppress(ConfigError):  # it is open all the same
            for name, value in values.items():
                set_value(self._context.paths.config_file, name, value)
        return library

    def open_demo(self) -> Library:
        """Make the sample library and open it."""
        return self.open([make_demo(self._context.paths.demo_dir).folder])

    def close(self) -> None:
        """Close every library, waiting no longer than a terminal's user would."""
        threads = [threading.Thread(target=library.close, daemon=True) for library in self._opened]
        for thread in threads:
            thread.start()
        end = time.monotonic() + _CLOSE_LIMIT_S
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))


def _options(
    context: Context,
    opener: _Opener,
    start_path: str,
    *,
    is_slow_link: bool,
    is_pick: bool,
    query: str,
    is_first_run: bool,
) -> AppOptions:
    from smartgallery_tui.ui.options import AppOptions, FirstRun  # with the app, not before

    is_read_only_forced = bool(context.arguments.read_only)
    file = SettingsFile(context.paths.config_file, is_read_only_forced=is_read_only_forced)
    themes, theme_problems = load_themes(context.paths.themes_dir)
    url = context.settings.comfyui.url
    found = detect_comfyui(os.environ, is_probing=bool(url), url=url) if is_first_run else None
    first_run = FirstRun(
        looked=found.looked if found else (),
        found=found.output_dir if found else "",
        how=found.how if found else "",
        missing=context.settings.library.output_path if found else "",
        open_folder=partial(opener.open_folder, found),
        make_demo=opener.open_demo,
    )
    return AppOptions(
        themes=tuple(themes),
        theme=context.settings.view.theme,
        query=query,
        start_path=start_path,
        is_pick=is_pick,
        is_following=context.arguments.follow,
        notices=(*(opener.notices or map(str, context.problems)), *map(str, theme_problems)),
        first_run=first_run,
        write_crash_report=lambda error: _crash_report(context, error),
        save_setting=file.save,
        check_setting=file.check,
        setting_texts=file.texts(),
        fixed_settings=file.fixed(),
        changed_settings=file.changed,
        list_folders=list_folders,
        is_read_only_forced=is_read_only_forced,
        is_slow_link=is_slow_link,
    )


def _target(text: str) -> tuple[str, str]:
    """Return the folder to browse and the file to put the cursor on, or ""."""
    path = at_home(text)
    try:
        if path.is_file():
            real = path.resolve()
            return str(real.parent), str(real)
        if not path.exists() and "/" not in text:
            close = similar_command(text)
            hint = f"did you mean {close!r}?" if close else "`smartgallery --help` lists commands"
            raise UsageError(f"no such folder or command: {text}; {hint}")
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot use {text!r}: {error}") from error
    return existing_folder(text), ""


@contextlib.contextmanager
def _logging(context: Context) -> Iterator[None]:
    """Write the log while the app runs; without a place for it the app runs all the same."""
    handler: logging.Handler | None = None
    try:
        handler = log.open_log(context.paths.log_file)
    except OSError as error:
        stderr().line(f"smartgallery: no log is written: {error.strerror}")
    try:
        yield
    finally:
        if handler is not None:
            log.close_log(handler)


def _crash_report(context: Context, error: BaseException) -> str:
    try:
        return str(log.write_crash_report(context.paths.state_dir, error))
    except OSError:
        return ""


def end_hung_process(code: int) -> None:
    """End the process at once if a thread that nobody can stop would keep it alive."""
    main = threading.main_thread()
    end = time.monotonic() + 0.3
    for thread in threading.enumerate():
        if thread is not main and not thread.daemon:
            thread.join(max(0.0, end - time.monotonic()))
            if thread.is_alive():
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
