"""What is OpenSearch's own: many writers, versions of the index, faults on the way, signatures."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

import pytest

from chalicelib.adapters.aws import opensearch_client, opensearch_search
from chalicelib.adapters.aws.opensearch_search import OpenSearchSearch
from chalicelib.ports.search import PageEntry, Query
from chalicelib.ports.stores import ClockWrong, StoreDenied, StoreUnavailable, StoreUnknown
from tests import faulty_opensearch as faulty
from tests.faulty_opensearch import FaultyOpenSearch
from tests.opensearch_node import OpenSearchNode

EVERYTHING = Query(confidentiality=frozenset({"public"}), limit=1000)


def entry(number: int, text: str = "رخصة") -> PageEntry:
    return PageEntry(document=f"d{number:03}", version="1", page=1, text=text, confidentiality="public")


def found(search: OpenSearchSearch, words: str = "") -> list[str]:
    query = Query(confidentiality=frozenset({"public"}), words=words, limit=1000)
    return sorted(hit.document for hit in search.search(query).hits)


@pytest.fixture
def alias(opensearch: OpenSearchNode) -> Iterator[str]:
    with opensearch.alias() as alias:
        yield alias


@pytest.fixture
def url(opensearch: OpenSearchNode, alias: str) -> str:
    return f"opensearch+http://{opensearch.address}/{alias}"


@pytest.fixture
def door(opensearch: OpenSearchNode) -> Iterator[FaultyOpenSearch]:
    with FaultyOpenSearch(opensearch) as door:
        yield door


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between tries there is no need to wait here."""
    monkeypatch.setattr(opensearch_client, "_wait", lambda _seconds: None)


@pytest.fixture
def writer(door: FaultyOpenSearch, alias: str, quickly: None) -> Iterator[OpenSearchSearch]:
    """A writer whose requests pass the door, with its index already there."""
    search = OpenSearchSearch(f"opensearch+http://{door.address}/{alias}", writer=True)
    search.index([entry(0)])
    door.requests.clear()
    yield search
    search.close()


# Many writers, versions


def test_writers_that_start_together_make_one_index_and_lose_nothing(url: str) -> None:
    writers = [OpenSearchSearch(url, writer=True) for _ in range(4)]

    def write(number: int) -> None:
        for step in range(5):
            writers[number].index([entry(number * 5 + step)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(writers[0]) == [f"d{number:03}" for number in range(20)]


def test_an_older_index_answers_and_is_written_until_the_new_one_is_whole(
    url: str, opensearch: OpenSearchNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = OpenSearchSearch(url, writer=True)
    before.index([entry(1), entry(2)])
    assert before.needs_rebuild
    before.rebuilt()
    assert not before.needs_rebuild
    monkeypatch.setattr(opensearch_search, "ANALYSIS_VERSION", 99)
    after, reader = OpenSearchSearch(url, writer=True), OpenSearchSearch(url, writer=False)
    assert after.needs_rebuild
    after.index([entry(3)])
    # Whoever searches, by old code or by new, finds everything all the while.
    for search in (before, after, reader):
        assert found(search) == ["d001", "d002", "d003"]
    after.remove("d001")
    after.index([entry(2)])
    assert found(before) == ["d002", "d003"]
    assert after.needs_rebuild
    after.rebuilt()
    assert not after.needs_rebuild
    assert found(reader) == found(before) == ["d002", "d003"]
    assert list(after._indexes()) == [after._index]
    # A function of the release before, still at work, writes where people look.
    before.index([entry(4)])
    assert found(reader) == ["d002", "d003", "d004"]


def test_needs_no_index_to_be_asked(url: str) -> None:
    reader = OpenSearchSearch(url, writer=False)
    assert reader.needs_rebuild
    assert reader.search(EVERYTHING).hits == ()
    assert reader.count() == 0


# Faults


_STEPS = ("looking", "bulk", "refresh")
_PASSING = (faulty.busy, faulty.away, faulty.hung_up, faulty.done_but_not_said)


@pytest.mark.parametrize(
    ("step", "fault"),
    [*product(_STEPS, _PASSING), ("bulk", faulty.half_done), ("refresh", faulty.shard_lost)],
)
def test_a_passing_fault_at_any_step_loses_nothing(
    writer: OpenSearchSearch, door: FaultyOpenSearch, url: str, step: str, fault: faulty.Fault
) -> None:
    door.faults = [None] * _STEPS.index(step) + [fault]
    writer.index([entry(number) for number in range(1, 7)])
    assert not door.faults
    reader = OpenSearchSearch(url, writer=False)
    assert found(reader) == [f"d{number:03}" for number in range(7)]
    assert reader.count() == 7


def test_only_what_failed_of_a_bulk_is_sent_again(writer: OpenSearchSearch, door: FaultyOpenSearch) -> None:
    door.faults = [None, faulty.half_done]
    writer.index([entry(number) for number in range(1, 7)])
    bulks = [request.body.splitlines()[::2] for request in door.requests if "_bulk" in request.path]
    sent = [[json.loads(action)["index"]["_id"] for action in bulk] for bulk in bulks]
    assert [len(ids) for ids in sent] == [6, 3]
    assert sent[1] == sent[0][3:]


def test_a_bulk_that_stays_half_done_is_refused_and_made_whole_by_the_same_call(
    writer: OpenSearchSearch, door: FaultyOpenSearch, url: str
) -> None:
    pages = [entry(number) for number in range(1, 7)]
    door.faults = [None, faulty.half_done, *[faulty.busy] * 4]
    with pytest.raises(StoreUnavailable) as refused:
        writer.index(pages)
    assert refused.value.data["reason"] == "es_rejected_execution_exception"
    door.faults = []
    # Nothing of it was shown: it was never refreshed.
    assert found(OpenSearchSearch(url, writer=False)) == ["d000"]
    writer.index(pages)
    assert len(found(writer)) == 7


def test_pages_are_seen_together_or_not_at_all(
    writer: OpenSearchSearch, door: FaultyOpenSearch, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opensearch_client, "_BULK_BYTES", 500)  # a bulk a page
    reader, seen = OpenSearchSearch(url, writer=False), []

    def look(request: faulty.Request, ask: faulty.Pass) -> faulty.Answer:
        seen.append(len(found(reader)))
        return ask(request)

    door.faults = [None, *[look] * 6]
    writer.index([entry(number) for number in range(1, 6)])
    assert seen == [1, 1, 1, 1, 1, 1]
    assert len(found(reader)) == 6


@pytest.mark.parametrize(
    ("fault", "refusal", "reason"),
    [
        (faulty.busy, StoreUnavailable, "es_rejected_execution_exception"),
        (faulty.hung_up, StoreUnavailable, "ConnectionError"),
        (faulty.malformed, StoreUnavailable, "mapper_parsing_exception"),
        (faulty.denied, StoreDenied, "status 403"),
        (faulty.blocked, StoreUnavailable, "cluster_block_exception"),
        (faulty.skewed, ClockWrong, "status 403"),
    ],
)
def test_a_lasting_fault_is_refused_with_its_reason_and_without_what_was_sent(
    writer: OpenSearchSearch,
    door: FaultyOpenSearch,
    fault: faulty.Fault,
    refusal: type[Exception],
    reason: str,
) -> None:
    for act in (
        lambda: writer.index([entry(1)]),
        lambda: writer.remove("d000"),
        lambda: writer.search(EVERYTHING),
    ):
        door.faults = [fault] * 9
        with pytest.raises(refusal) as refused:
            act()
        assert refused.value.data["reason"] == reason  # type: ignore[attr-defined]
        assert refused.value.__cause__ is None
        assert "عبد" not in str(refused.value)
    door.faults = []
    assert found(writer) == ["d000"]


def test_an_index_that_goes_in_mid_write_is_not_guessed_anew(
    writer: OpenSearchSearch, door: FaultyOpenSearch, opensearch: OpenSearchNode
) -> None:
    """As when two releases put their own indexes in place of each other's."""

    def removed(request: faulty.Request, ask: faulty.Pass) -> faulty.Answer:
        ask(faulty.Request("DELETE", f"/{writer._index}", {}, b""))
        return ask(request)

    for step in range(1, len(_STEPS)):
        door.faults = [*[None] * step, removed]
        with pytest.raises(StoreUnavailable) as refused:
            writer.index([entry(1, "بناء")])
        assert refused.value.data["reason"] == "index_not_found_exception"
        writer.index([entry(1, "بناء")])
        assert found(writer, '"بناء"') == ["d001"]
        assert found(writer) == ["d001"]


def test_silence_ends(
    writer: OpenSearchSearch, door: FaultyOpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = dict.fromkeys(opensearch_client._PATIENCE, 0.2)
    monkeypatch.setattr(opensearch_client, "_PATIENCE", patience)
    over = threading.Event()

    def silent(_request: faulty.Request, _ask: faulty.Pass) -> faulty.Answer:
        over.wait(30)
        return None

    for act in (lambda: writer.index([entry(1)]), lambda: writer.search(EVERYTHING)):
        door.faults = [silent] * 4
        with pytest.raises(StoreUnavailable) as refused:
            act()
        assert refused.value.data["reason"] == "ConnectionTimeout"
    assert len(door.faults) == 2  # somebody waits for a search: it is tried twice
    over.set()


@pytest.mark.parametrize("step", [0, 1, 2])
def test_half_an_answer_is_none(
    writer: OpenSearchSearch, door: FaultyOpenSearch, url: str, step: int
) -> None:
    """Of the counts beforehand, of the hits, or of the pages of each hit."""
    reader = OpenSearchSearch(f"opensearch+http://{door.address}/{url.rpartition('/')[2]}", writer=False)
    door.faults = [*[None] * step, faulty.shard_lost]
    assert found(reader, "رخصة") == ["d000"]
    assert not door.faults
    door.faults = [*[None] * step, faulty.shard_lost, faulty.shard_lost]
    with pytest.raises(StoreUnavailable) as refused:
        found(reader, "رخصة")
    assert refused.value.data["reason"] == "shards_failed"


def test_a_removal_that_meets_a_change_is_made_again(
    writer: OpenSearchSearch, door: FaultyOpenSearch
) -> None:
    conflict = json.dumps({"error": {"type": "version_conflict_engine_exception"}, "status": 409}).encode()
    door.faults = [None, lambda _request, _ask: (409, conflict)]
    writer.remove("d000")
    assert found(writer) == []


# Addresses and identity


@pytest.mark.parametrize(
    "url",
    ["http://h/pages", "opensearch+http://h", "opensearch+http://h/Pages", "opensearch+http:///pages",
     "opensearch+https://h/pages?shard=2", "opensearch+https://h/*"],
)  # fmt: skip
def test_refuses_an_address_that_is_none(url: str) -> None:
    with pytest.raises(StoreUnknown):
        OpenSearchSearch(url, writer=False)


def signature(request: faulty.Request, secret: str) -> str:
    """The signature that AWS computes of what arrived, from the description of Signature Version 4."""
    headers = {name.lower(): " ".join(value.split()) for name, value in request.headers.items()}
    path, _, query = request.path.partition("?")
    told = headers["authorization"]
    names = told.partition("SignedHeaders=")[2].partition(",")[0]
    canonical = [
        request.method,
        quote(path, safe="/-_.~"),
        "&".join(sorted(query.split("&"))) if query else "",
        *(f"{name}:{headers[name]}" for name in names.split(";")),
        "",
        names,
        hashlib.sha256(request.sent).hexdigest(),
    ]
    day, region, service = told.partition("Credential=")[2].partition(",")[0].split("/")[1:4]
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    digest = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    scope = f"{day}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{digest}"
    return hmac.digest(key, text.encode(), "sha256").hex()


def test_every_request_to_aws_is_signed_as_it_is_sent(
    door: FaultyOpenSearch, alias: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "not-in-the-request"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-a-function")
    search = OpenSearchSearch(f"opensearch+http://{door.address}/{alias}?region=me-south-1", writer=True)
    search.index([entry(1, "رخصة بناء")])
    search.rebuilt()
    monkeypatch.setattr(
        search, "_index", f"{alias}-v9.9"
    )  # two indexes at once: their names joined by a comma
    search.index([entry(2)])
    search.remove("d001", "1")
    assert found(search, "رخصة") == ["d002"]
    assert search.count() == 1
    assert {"*", ","} <= set("".join(request.path for request in door.requests))
    for request in door.requests:
        headers = {name.lower(): value for name, value in request.headers.items()}
        told = headers["authorization"]
        assert "Credential=AKIDEXAMPLE/" in told and "/me-south-1/es/aws4_request" in told
        assert told.endswith(f"Signature={signature(request, secret)}"), request.path
        assert headers["x-amz-security-token"] == "of-a-function"
        assert not any(secret in value for value in headers.values())


def test_an_address_of_aws_tells_its_region() -> None:
    search = OpenSearchSearch("opensearch+https://vpc-diwan-x.eu-west-1.es.amazonaws.com/pages", writer=False)
    assert search._client._region == "eu-west-1"


def test_a_cluster_of_ones_own_may_ask_for_a_password(door: FaultyOpenSearch, alias: str) -> None:
    OpenSearchSearch(f"opensearch+http://diwan:p%40ss@{door.address}/{alias}", writer=False).count()
    assert door.requests[0].headers["authorization"] == "Basic ZGl3YW46cEBzcw=="
