"""What can go wrong with a job.

JobError
├── UnknownJob       Kind.NOT_FOUND
├── NotCancellable   Kind.CONFLICT   it has ended already
├── NotRetryable     Kind.CONFLICT   it waits, runs or is done
├── LeaseLost        Kind.CONFLICT   another process has taken it over: what this one did is not kept
└── GiveUp           Kind.INVALID    raised by a handler: trying again cannot help
"""

from __future__ import annotations

from zhanggui.kernel.errors import Kind, ZhangguiError


class JobError(ZhangguiError):
    """Root of what jobs raise."""

    code = "jobs.error"


class UnknownJob(JobError):
    """No job has that id."""

    code, kind = "jobs.unknown_job", Kind.NOT_FOUND


class NotCancellable(JobError):
    """The job has ended."""

    code, kind = "jobs.not_cancellable", Kind.CONFLICT


class NotRetryable(JobError):
    """Only a job that died or was cancelled can be tried anew."""

    code, kind = "jobs.not_retryable", Kind.CONFLICT


class LeaseLost(JobError):
    """The job was taken over while this process still worked on it."""

    code, kind = "jobs.lease_lost", Kind.CONFLICT


class GiveUp(JobError):
    """A handler says that no further try can help; the job dies at once, with this message."""

    code, kind = "jobs.given_up", Kind.INVALID


def message_of(error: str) -> str:
    """What the error of a job says, without the name of its class, which the runner writes before it."""
    kind, colon, text = error.partition(": ")
    return text if colon and kind.isidentifier() else error
