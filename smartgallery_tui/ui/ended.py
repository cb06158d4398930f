"""What a notice says of a change of files that has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui import format as words

if TYPE_CHECKING:
    from smartgallery_tui.records import Outcome
    from smartgallery_tui.ui.works import Job


def ended(job: Job, jobs_key: str) -> str:
    """Return one or two sentences on a change that has ended; names in them may be anything.

    Args:
        job: The change.
        jobs_key: Opens the list of jobs, which has the reasons; "" where they are shown anyway.
    """
    work = job.work
    if not job.outcomes:
        return f"There is nothing to {work.what}."
    if not job.done and not job.failed:
        return f"Stopped: {work.what} has changed nothing."
    if not job.done and len(job.outcomes) == 1:
        return f"{work.what}: {reason_of(job.failed[0])}"
    parts = [_done(job)] if job.done else []
    if job.left:
        parts.append(f"Stopped: {words.count(len(job.left), 'item')} left as they were.")
    if job.failed:
        one = f" ({reason_of(job.failed[0])})" if len(job.failed) == 1 or not job.done else ""
        where = f"; {jobs_key} tells why" if jobs_key else ""
        parts.append(f"{work.what}: {len(job.failed):,} failed{one}{where}.")
    return " ".join([*parts, *([work.hint] if work.hint and job.done else [])])


def _done(job: Job) -> str:
    """Return what worked: one by its name, several by their number, and new names."""
    work = job.work
    first = job.done[0].path.rpartition("/")[2]
    if work.what == "rename":
        text = f"Renamed to {first}."
    else:
        is_named = len(job.done) == 1 and first and not work.is_one_file
        text = f"{first if is_named else words.count(len(job.done), 'item')} {work.done}."
    if work.is_one_file:
        text = f"{text[:-1]} {job.done[0].path}."
        if work.fetch_line is not None:
            text = f"{text} To fetch it: {work.fetch_line([job.done[0].path])}"
    notes = [outcome.reason for outcome in job.done if outcome.reason]
    if len(notes) == 1:
        return f"{text} {notes[0][:1].upper()}{notes[0][1:]}."
    return f"{text} {len(notes):,} got a number: their names were taken." if notes else text


def reason_of(outcome: Outcome) -> str:
    """Return why something was not done; its file by its name, which is enough on a screen."""
    if outcome.is_cancelled:
        return "left as it was"
    folder, slash, name = outcome.path.rpartition("/")
    if slash and outcome.path in outcome.reason:
        return outcome.reason.replace(f"{folder}/{name}", name)
    return outcome.reason
