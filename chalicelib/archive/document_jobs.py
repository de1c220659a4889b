"""The long jobs on a document, and how one that was given up is known: its row among the dead says so, nothing else."""

from chalicelib.archive.models import Document
from chalicelib.ports.jobs import Job, Jobs

READ_QUEUE, SEARCHABLE_QUEUE = "read_document", "make_searchable"


def given_up(jobs: Jobs, queue: str, document: Document) -> list[Job]:
    """The dead jobs of a queue on this version of the document; of an earlier one nobody waits for what they do."""
    return [
        job
        for job in jobs.dead(queue=queue, subject=document.id)
        if job.payload["payload"].get("version", 1) == document.version
    ]
