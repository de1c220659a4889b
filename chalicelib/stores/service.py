"""A probe that goes round: the pages' process leaves a mark in every store, each lane of workers finds it and
leaves its own, and the pages' process finds those. Settings that name different stores cannot pass it.
"""

import hashlib
import json
from datetime import timedelta

from chalicelib.database.engine import Database
from chalicelib.kernel.errors import NotFound, Refusal
from chalicelib.ports.blobs import BlobMissing, Blobs
from chalicelib.ports.clock import Clock
from chalicelib.ports.jobs import Jobs
from chalicelib.ports.keys import Keys
from chalicelib.ports.links import LinkExpired, LinkInvalid, Links
from chalicelib.ports.search import PageEntry, Query, Search

# One queue for each lane of workers, for each is another function in AWS, with settings and rights of its own.
PROBE_QUEUES = {"prompt": "probe_prompt", "reading": "probe_reading", "issuing": "probe_issuing"}
# Every lane has the database and the blobs. Only one writes the index, and only one has a right to the keys.
_INDEXER, _SIGNER = "prompt", "issuing"
_KEPT = timedelta(minutes=10)
_PURPOSE = "probe"
# A level of confidentiality that nobody has: no reader ever meets the page of a probe.
_NOBODYS = "probe"
_MARK = b"seen"
_FOLDER = "transient/probes"
_HEX = 64


class StoreProbes:
    """Probes of every store but the messages' and the gateway's, which keep nothing."""

    def __init__(
        self, *, database: Database, jobs: Jobs, clock: Clock, blobs: Blobs, search: Search, keys: Keys, links: Links
    ) -> None:  # fmt: skip
        self._database = database
        self._jobs = jobs
        self._clock = clock
        self._blobs = blobs
        self._search = search
        self._keys = keys
        self._links = links

    def begin(self, ticket: str) -> None:
        """Leave the first mark, and ask every lane for its own. Again is the same probe. Raises NotFound."""
        probe = self._read(ticket)
        self._blobs.put(_MARK, _mark(probe, "pages"))
        with self._database.transaction() as tx:
            self._jobs.add(tx, "probe_prompt", probe, {"probe": probe, "lane": "prompt"})
            self._jobs.add(tx, "probe_reading", probe, {"probe": probe, "lane": "reading"})
            self._jobs.add(tx, "probe_issuing", probe, {"probe": probe, "lane": "issuing"})
            self._jobs.add(tx, "forget_probe", probe, {"probe": probe}, self._clock.now() + _KEPT)

    def answer(self, probe: str, lane: str) -> None:
        """Say what this worker sees; again says it again."""
        if lane == _INDEXER:
            entry = PageEntry(document=probe, version="0", page=1, text=probe, confidentiality=_NOBODYS)
            self._search.index([entry])
        seen: dict[str, object] = {"blobs": self._blobs.exists(_mark(probe, "pages"))}
        if lane == _SIGNER:
            seen["keys"] = self._fingerprint()
        self._blobs.put(json.dumps(seen).encode(), _mark(probe, lane))

    def compare(self, ticket: str) -> dict[str, dict[str, str]]:
        """By lane and store: `same`, `other`, `waiting`, or the code of what stood in the way. Raises NotFound."""
        probe = self._read(ticket)
        return {lane: self._compared(probe, lane, queue) for lane, queue in PROBE_QUEUES.items()}

    def forget(self, probe: str) -> None:
        """Remove every mark of a probe."""
        for key in list(self._blobs.keys(f"{_FOLDER}/{probe}/")):
            self._blobs.delete(key)
        self._search.remove(probe)

    def _compared(self, probe: str, lane: str, queue: str) -> dict[str, str]:
        try:
            told = json.loads(self._blobs.get(_mark(probe, lane)))
        except BlobMissing:
            # A worker of our database took the job, and its answer went elsewhere; or nobody has taken it yet.
            taken = not self._jobs.pending([queue])
            return {"database": "same", "blobs": "other"} if taken else {"database": "waiting"}
        seen = {"database": "same", "blobs": "same" if told["blobs"] else "other"}
        if lane == _SIGNER:
            theirs, ours = told["keys"], self._fingerprint()
            refused = next((one for one in (theirs, ours) if len(one) != _HEX), None)
            seen["keys"] = refused or ("same" if theirs == ours else "other")
        if lane == _INDEXER:
            found = self._search.search(Query(confidentiality=frozenset({_NOBODYS}), document=probe))
            seen["search"] = "same" if found.hits else "other"
        return seen

    def _fingerprint(self) -> str:
        """Of the root that licences are trusted by, or the code of why it cannot be seen."""
        try:
            return hashlib.sha256(self._keys.public_key("issuer")).hexdigest()
        except Refusal as refusal:
            return refusal.code

    def _read(self, ticket: str) -> str:
        try:
            return str(self._links.read(_PURPOSE, ticket)["probe"])
        except (LinkInvalid, LinkExpired):
            raise NotFound() from None


def ticket(links: Links, probe: str, expires_in: int = 300) -> str:
    """What lets a program ask for the probe of this name; only who has our secret can make one."""
    return links.make(_PURPOSE, {"probe": probe}, expires_in).rpartition("/")[2]


def _mark(probe: str, who: str) -> str:
    return f"{_FOLDER}/{probe}/{who}"
