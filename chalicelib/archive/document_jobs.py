"""The long jobs on a document, and how one that was given up is known: its row among the dead says so, nothing else."""

from sqlalchemy import ColumnElement, func, select, tuple_

from chalicelib.archive.models import Document
from chalicelib.ports.jobs import Job, Jobs

READ_QUEUE, SEARCHABLE_QUEUE = "read_document", "make_searchable"


def is_given_up(jobs: Jobs, queue: str) -> ColumnElement[bool]:
    """Whether the job of a queue on a document is dead, as a condition of a query on documents.

    The job on their present version, that is: for what one of an earlier version does nobody waits.
    """
    message = jobs.dead_messages(queue).subquery().c.payload
    # Looked up in a list that is made once, not asked for each document; the first filing's message names no version.
    version = func.coalesce(message["payload", "version"].as_integer(), 1)
    return tuple_(Document.id, Document.version).in_(select(message["subject"].as_string(), version))


def dead_jobs(jobs: Jobs, queue: str, document: Document) -> list[Job]:
    """The dead jobs of a queue on this version of the document, to give them a fresh start."""
    return [
        job
        for job in jobs.dead(queue=queue, subject=document.id)
        if job.payload["payload"].get("version", 1) == document.version
    ]
