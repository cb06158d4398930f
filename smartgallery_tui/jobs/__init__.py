"""Work off the caller's thread: prioritised pools, throttled events, guarded programs, caches."""

from smartgallery_tui.jobs.cache import BoundedCache, CacheStats
from smartgallery_tui.jobs.expiry import Expiry
from smartgallery_tui.jobs.memory import return_large_blocks
from smartgallery_tui.jobs.pool import Job, JobCancelledError, JobPool, Priority
from smartgallery_tui.jobs.precedence import Precedence
from smartgallery_tui.jobs.process import Finished, ProcessLimits, run
from smartgallery_tui.jobs.throttle import Throttle

__all__ = [
    "BoundedCache",
    "CacheStats",
    "Expiry",
    "Finished",
    "Job",
    "JobCancelledError",
    "JobPool",
    "Precedence",
    "Priority",
    "ProcessLimits",
    "Throttle",
    "return_large_blocks",
    "run",
]
