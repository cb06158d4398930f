"""A cache in memory that is bounded by a size and an age."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cachetools import TTLCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class CacheStats:
    """What a cache holds and how it is used."""

    size: int
    """Number of entries."""
    max_size: float
    """Limit, in the unit of `cost` (bytes, or entries)."""
    used: float
    """What the entries cost together."""
    total_accesses: int
    """Reads that found their entry."""
    misses: int
    avg_age_seconds: float


class BoundedCache(Generic[K, V]):
    """Keep values until they are too old, or until others need the room; thread-safe.

    An age counts from the insertion, not from the last use. A read first drops everything that
    is too old, then counts as a use. A new key that does not fit pushes out the least recently
    used entries; setting a key again replaces its value and restarts its age. A value that
    costs more than the whole cache is not kept.

    Args:
        max_size: Limit of the sum of costs.
        ttl_s: Age at which an entry is dropped.
        cost: What a value costs, such as its bytes; by default every entry costs 1.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        max_size: float,
        ttl_s: float,
        *,
        cost: Callable[[V], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock = threading.RLock()
        self._clock = clock
        self._cost = cost or (lambda _value: 1)
        self._entries: TTLCache[K, tuple[float, V]] = TTLCache(
            max_size, ttl_s, timer=clock, getsizeof=lambda entry: self._cost(entry[1])
        )
        self._accesses = 0
        self._misses = 0

    def get(self, key: K) -> V | None:
        """Return the value of `key`, or None where there is none (any more)."""
        with self._lock:
            self._entries.expire()
            entry = self._entries.get(key)
            if entry is None:
                self._misses += 1
                return None
            self._accesses += 1
            return entry[1]

    def set(self, key: K, value: V) -> None:
        """Keep `value` under `key`."""
        with self._lock:
            self._entries.pop(key, None)
            if self._cost(value) <= self._entries.maxsize:
                self._entries[key] = (self._clock(), value)

    def expire(self) -> bool:
        """Forget what is too old; return whether anything is left."""
        with self._lock:
            self._entries.expire()
            return bool(self._entries)

    def remove(self, key: K) -> bool:
        """Forget `key` and return whether it was there."""
        with self._lock:
            return self._entries.pop(key, None) is not None

    def clear(self) -> None:
        """Forget everything but the counters."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is kept."""
        return len(self) == 0

    def stats(self) -> CacheStats:
        """Return sizes, hits, misses and the mean age."""
        with self._lock:
            now = self._clock()
            ages = [now - born for born, _ in self._entries.values()]
            return CacheStats(
                size=len(self._entries),
                max_size=self._entries.maxsize,
                used=self._entries.currsize,
                total_accesses=self._accesses,
                misses=self._misses,
                avg_age_seconds=sum(ages) / len(ages) if ages else 0.0,
            )
