"""What is let known of jobs: who gave a stopped one, or messages that were set aside, a fresh start."""

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.kernel.events import Event


@dataclass(frozen=True)
class JobRetried(Event):
    """One stopped job was given a fresh start; `subject` is the job."""

    name: ClassVar[str] = "jobs.job_retried"
    about: ClassVar[str] = "job"


@dataclass(frozen=True)
class ReasonRetried(Event):
    """Stopped jobs of one reason were given a fresh start at once: `subject` is how it begins, `jobs` are their ids."""

    name: ClassVar[str] = "jobs.reason_retried"
    about: ClassVar[str] = "reason"
    reason: str
    count: int
    jobs: list[str]


@dataclass(frozen=True)
class MessagesSentBack(Event):
    """Somebody had what a line set aside, about so many messages, sent back to it; `subject` is the lane."""

    name: ClassVar[str] = "jobs.messages_sent_back"
    about: ClassVar[str] = "line"
    aside: int
