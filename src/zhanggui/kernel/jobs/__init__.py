"""Background work, stored beside the data it belongs to: enqueued in the same commit, run at least once, its effect
committed exactly once. Start at `enqueue` and `JobRunner.drain`.
"""

from .backoff import backoff_ms
from .context import JobContext, Stopped
from .errors import GiveUp, JobError, LeaseLost, NotCancellable, NotRetryable, UnknownJob, message_of
from .queue import cancel, counts, enqueue, find_job, holder_of, jobs_in, jobs_page, retry, schedules_in
from .runner import JobRunner
from .types import Effect, Job, JobAsk, JobHandler, JobState, Schedule, Turn

__all__ = [
    "Effect",
    "GiveUp",
    "Job",
    "JobAsk",
    "JobContext",
    "JobError",
    "JobHandler",
    "JobRunner",
    "JobState",
    "LeaseLost",
    "NotCancellable",
    "NotRetryable",
    "Schedule",
    "Stopped",
    "Turn",
    "UnknownJob",
    "backoff_ms",
    "cancel",
    "counts",
    "enqueue",
    "find_job",
    "holder_of",
    "jobs_in",
    "jobs_page",
    "message_of",
    "retry",
    "schedules_in",
]
