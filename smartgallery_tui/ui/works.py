"""Changes of files on their way: what waits, what runs and how far it is, what became of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import FileProgress, Outcome, Told

_KEPT = 20
"""Ended changes that the list of jobs still shows."""
Change = Callable[["Sequence[int]", "threading.Event", "Told"], "list[Outcome]"]
"""Acts on items by id; takes the flag that stops it and who hears how far it is."""


@dataclass(frozen=True, slots=True)
class Work:
    """A change of files that was asked for."""

    what: str
    """Noun for a failure and the list of jobs: "trash", "move"."""
    done: str
    """Past participle for the notice: "moved to the trash"."""
    ids: tuple[int, ...]
    change: Change
    hint: str = ""
    """A sentence behind the notice: how to take it back."""
    is_removing: bool = False
    """The items are not where they were: their marks go."""
    again: Callable[[Sequence[Outcome]], Work] | None = None
    """Makes the work that tries again what failed, where ids do not tell it."""
    total: int = 0
    """How many files, where ids do not tell it."""
    is_one_file: bool = False
    """All items go into one new file."""
    fetch_line: Callable[[Sequence[str]], str] | None = None
    """Makes the line that fetches that file from another machine, where one sits at another."""
    is_changing: bool = True
    """The library has changed when it is done."""


class Either(threading.Event):
    """Is set when one of some others is."""

    def __init__(self, *others: threading.Event) -> None:
        super().__init__()
        self._others = others

    def is_set(self) -> bool:
        """Return whether one of them is set."""
        return any(other.is_set() for other in self._others)


@dataclass(eq=False)
class Job:
    """One change of files from its asking to its end; only the event loop changes it."""

    work: Work
    stop: threading.Event = field(default_factory=threading.Event)
    """Stops it, whether it runs or waits."""
    progress: FileProgress | None = None
    """None while it waits."""
    outcomes: Sequence[Outcome] | None = None
    """None until it has ended."""

    @property
    def is_over(self) -> bool:
        """True when it has ended."""
        return self.outcomes is not None

    @property
    def done(self) -> list[Outcome]:
        """What worked."""
        return [outcome for outcome in self.outcomes or () if outcome.ok]

    @property
    def failed(self) -> list[Outcome]:
        """What was tried and did not work."""
        return [one for one in self.outcomes or () if not one.ok and not one.is_cancelled]

    @property
    def left(self) -> list[Outcome]:
        """What was not done because it was stopped."""
        return [outcome for outcome in self.outcomes or () if outcome.is_cancelled]

    @property
    def text(self) -> str:
        """How far it is, or what became of it, in one line; its names are safe already."""
        if self.outcomes is not None:
            return self._ended()
        total = self.work.total or len(self.work.ids)
        if self.progress is None:
            return f"{self.work.what} {words.count(total, 'item')}, waits"
        return f"{self.work.what} {progress_text(self.progress)}"

    def _ended(self) -> str:
        done = words.count(len(self.done), "item")
        if not self.failed and not self.left:
            if not self.done:
                return f"{self.work.what}: nothing to do"
            where = f" {plain(self.done[0].path, 120)}" if self.work.is_one_file else ""
            return f"{done} {self.work.done}{where}"
        parts = [f"{done} done"]
        parts += [f"{len(self.failed):,} failed"] if self.failed else []
        parts += [f"stopped with {len(self.left):,} left"] if self.left else []
        return f"{self.work.what}: {', '.join(parts)}"


class Works:
    """The changes of one run."""

    def __init__(self) -> None:
        self._jobs: deque[Job] = deque()

    def add(self, work: Work) -> Job:
        """Note a change that was asked for."""
        job = Job(work)
        self._jobs.append(job)
        return job

    def drop(self, job: Job) -> None:
        """Forget a change of which nothing is left to tell."""
        self._jobs.remove(job)

    def end(self, job: Job, outcomes: Sequence[Outcome]) -> None:
        """Note what became of a change; the oldest ended ones are forgotten."""
        job.outcomes = outcomes
        ended = [one for one in self._jobs if one.is_over]
        for old in ended[: max(0, len(ended) - _KEPT)]:
            self._jobs.remove(old)

    @property
    def all(self) -> list[Job]:
        """What runs and waits, then what has ended, the newest first."""
        ended = [job for job in self._jobs if job.is_over]
        return [*(job for job in self._jobs if not job.is_over), *reversed(ended)]

    @property
    def text(self) -> str:
        """How far the running change is, for a status line; "" where there is nothing to tell."""
        for job in self._jobs:
            progress = job.progress
            if not job.is_over and progress is not None:
                is_worth_it = progress.total > 1 or progress.bytes_per_s > 0
                return job.text if is_worth_it else ""
        return ""


def progress_text(progress: FileProgress) -> str:
    """Return how far a change is: count, rate and remaining time, as far as they are known."""
    return words.progress(
        progress.stage,
        progress.done,
        progress.total,
        rate_per_s=progress.rate_per_s,
        bytes_per_s=progress.bytes_per_s,
        eta_s=progress.eta_s,
    )
