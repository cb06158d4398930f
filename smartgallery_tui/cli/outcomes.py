"""Reports what became of each file of a batch."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Outcome

_SHARED = 3
"""Files that may fail for one and the same reason before it is said once for all."""


def report_outcomes(outcomes: Sequence[Outcome], what: str, *, is_json: bool) -> int:
    """Print the outcomes and return the exit code: 1 if one failed.

    Args:
        outcomes: One for each file and change.
        what: The past participle for the summary, such as `marked`.
        is_json: Print every outcome as an object on stdout.
    """
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if is_json:
        out = stdout()
        for outcome in outcomes:
            out.json(
                {
                    "id": outcome.id,
                    "ok": outcome.ok,
                    "reason": outcome.reason,
                    "path": outcome.path,
                }
            )
    else:
        _complain_of([outcome for outcome in failed if not outcome.is_cancelled])
        for outcome in outcomes:
            if outcome.ok and outcome.reason:
                stderr().line(f"{outcome.path or outcome.id}: {outcome.reason}")
        done = {outcome.id or outcome.path for outcome in outcomes if outcome.ok}
        left = sum(outcome.is_cancelled for outcome in failed)
        missed = f", {len(failed) - left} failed" if len(failed) > left else ""
        missed += f", stopped with {left} left" if left else ""
        stderr().line(f"{what}: {_named(done)}{missed}")
    return ExitCode.FAILED if failed else ExitCode.OK


def _complain_of(failed: Sequence[Outcome]) -> None:
    """Print why files failed; a reason that many share is printed once."""
    counts = Counter(outcome.reason for outcome in failed)
    said: set[str] = set()
    for outcome in failed:
        name, reason = outcome.path or outcome.id, outcome.reason
        if counts[reason] <= _SHARED:
            complain(f"{name}: {reason}")
        elif reason not in said:
            said.add(reason)
            complain(f"{reason} ({counts[reason]} files, the first is {name})")


def _named(done: set[int | str]) -> str:
    """Return how many files it were; or the albums and searches, which are no files."""
    names = [each for each in done if isinstance(each, str) and not each.startswith("/")]
    if names and len(names) == len(done):
        return ", ".join(sorted(names))
    return "1 file" if len(done) == 1 else f"{len(done)} files"


def explain_nothing(library: Library, query: str) -> None:
    """Say what each part of a query without hits finds alone, and what other spellings find."""
    found = library.suggest(query)
    errors = stderr()
    errors.line("nothing found")
    if len(found.parts) > 1:
        errors.lines(f"  {part.text}  alone: {part.total:,}" for part in found.parts)
    for number, spelling in enumerate(found.spellings):
        lead = "or" if number else "did you mean"
        errors.line(f"  {lead}  {spelling.query}  {spelling.total:,}")
    errors.flush()
