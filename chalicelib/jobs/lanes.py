"""Which queues are worked on together: what is slow or heavy must not stand before what is quick.

In AWS each lane is a message queue and a function of its own: `reading` waits for the reader of scans, `issuing`
holds the typesetter, which is larger than all the rest, and `prompt` does everything else.
"""

from chalicelib.jobs.registry import handlers

PROMPT, READING, ISSUING = "prompt", "reading", "issuing"
# What the blob store tells comes the same way, and asks for no job.
ARRIVALS = "arrivals"
_APART = {
    READING: ("read_document", "make_searchable", "probe_reading"),
    ISSUING: ("issue_licence", "probe_issuing"),
}
LANES = (PROMPT, *_APART)


def queues_of(lane: str) -> tuple[str, ...]:
    """The queues of a lane; `prompt` has those that no other lane names."""
    if lane in _APART:
        return _APART[lane]
    apart = {queue for queues in _APART.values() for queue in queues}
    return tuple(queue for queue in handlers() if queue not in apart)


def lane_of(queue: str) -> str:
    """The lane that works on a queue."""
    return next((lane for lane, queues in _APART.items() if queue in queues), PROMPT)
