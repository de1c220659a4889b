"""Filing, reading and finding on both databases, with workers that die."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.adapters.embedded.tantivy_search import TantivySearch
from chalicelib.archive import finding
from chalicelib.archive.correcting import Correcting, filing_of
from chalicelib.archive.errors import (
    DocumentUnknown,
    DocumentUnread,
    FileEmpty,
    FilingChanged,
    ReadBeforeSearchable,
    SearchEmpty,
    UploadIncomplete,
    UploadUnknown,
)
from chalicelib.archive.finding import Finding
from chalicelib.archive.intake import Intake
from chalicelib.archive.models import Document, PageRow
from chalicelib.archive.reading import Reading
from chalicelib.archive.rules import Filing, filing_etag
from chalicelib.archive.searchable import Searchable
from chalicelib.archive.service import Archive
from chalicelib.audit.service import Audit
from chalicelib.database.outbox import EventRow, Outbox
from chalicelib.jobs import archive as archive_jobs
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import FieldsInvalid, NotPermitted
from chalicelib.parcels.errors import ParcelUnknown
from chalicelib.parcels.service import Parcels
from chalicelib.ports.ocr import ReaderGone, ReadPage, SourceRefused
from tests.moving_clock import MovingClock
from tests.scripted_ocr import Killed, ScriptedOcr

CLERK = Actor("staff", "clerk", frozenset({"clerk"}))
OTHER_CLERK = Actor("staff", "clerk-2", frozenset({"clerk"}))
ARCHIVIST = Actor("staff", "archivist", frozenset({"archivist"}))
SUBSCRIPTIONS = {
    "archive.pages_read": ["index_pages"],
    "archive.filing_corrected": ["index_pages"],
    "archive.searchable_asked": ["make_searchable"],
}
CITIZEN = Actor("citizen", "party", frozenset({"citizen"}))


class Rewriting:
    """Reads pages that say `؟` again, and remembers which it was shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def again(self, page: ReadPage) -> ReadPage:
        text = " ".join(word.text for word in page.words)
        self.shown.append(text)
        words = tuple(replace(word, text=word.text.replace("؟", "غ")) for word in page.words)
        return replace(page, words=words) if "؟" in text else page


class Office:
    """An archive whose reader reads scripts."""

    def __init__(self, database, folder: Path) -> None:
        self.clock = clock = MovingClock()
        self.folder = folder
        self.database = database
        self.jobs = DatabaseJobs(database, clock)
        self.outbox = Outbox(self.jobs, clock, SUBSCRIPTIONS)
        self.blobs = FolderBlobs(folder / "blobs", SignedLinks(b"s" * 32, clock))
        self.search = TantivySearch(folder / "search", writer=True)
        self.ocr = ScriptedOcr()
        self.outside = Rewriting()
        self.parcels = Parcels(database)
        with database.transaction() as tx:
            self.parcels.register(
                tx,
                number="MN-3-0121",
                area=("الميناء", "Al-Mina"),
                street=("شارع البحر", "Sea Street"),
                area_m2=400,
                use="commercial",
                owner="nobody",
                polygon=[],
            )
        self.archive = Archive(
            database=database,
            outbox=self.outbox,
            blobs=self.blobs,
            audit=Audit(database, self.outbox),
            intake=Intake(
                database=database, blobs=self.blobs, outbox=self.outbox, clock=clock, parcels=self.parcels
            ),
            correcting=Correcting(database=database, outbox=self.outbox, clock=clock),
            reading=Reading(
                database=database,
                blobs=self.blobs,
                outbox=self.outbox,
                jobs=self.jobs,
                clock=clock,
                ocr=self.ocr,
                outside=self.outside,
            ),
            finding=Finding(database=database, blobs=self.blobs, search=self.search),
            searchable=Searchable(
                database=database, blobs=self.blobs, outbox=self.outbox, jobs=self.jobs, ocr=self.ocr
            ),
        )

    def file(self, *lines: str, name: str = "scan.pdf", **filing) -> str:
        path = self.folder / name
        path.write_text("\n".join(lines), "utf-8")
        return self.archive.intake.file(CLERK, path, Filing(**filing)).document.id

    def read_and_index(self, document: str) -> Document:
        self.archive.reading.read(document)
        found = self.archive.document(ARCHIVIST, document)
        self.archive.finding.index(document, found.version, 1, max(1, found.pages_read))
        return found


@pytest.fixture
def office(database, tmp_path):
    office = Office(database, tmp_path)
    yield office
    office.search.close()


def test_the_same_bytes_for_the_same_parcel_are_one_document(office):
    first = office.file("رخصة بناء", parcel="MN-3-0121")
    assert office.file("رخصة بناء", name="again.pdf", parcel="MN-3-0121") == first
    elsewhere = office.file("رخصة بناء", parcel=None)
    assert elsewhere != first
    assert office.archive.document(CLERK, elsewhere).duplicate_of == first
    assert len(list(office.blobs.keys("sha256/"))) == 1


def test_a_document_is_read_page_by_page_and_found(office):
    document = office.file("رخصة بناء رقم ١٢٣", "صفحة ثانية", parcel="MN-3-0121", title="رخصة")
    found = office.read_and_index(document)
    assert (found.state, found.page_count, found.pages_read) == ("read", 2, 2)
    answer = office.archive.search(ARCHIVIST, "رخصه 123")
    assert [hit.document.id for hit in answer.hits] == [document]
    page = office.archive.page(ARCHIVIST, document, 1, "رخصة")
    assert {page.words.words[index].text for index in page.marked} == {"رخصة"}


def test_what_is_read_outside_is_kept_and_found(office):
    document = office.file("بلا؟ رقم")
    office.read_and_index(document)
    assert [hit.document.id for hit in office.archive.search(ARCHIVIST, "بلاغ").hits] == [document]


def test_confidential_documents_are_not_read_outside(office):
    office.read_and_index(office.file("سر؟", confidential=True))
    assert office.outside.shown == []


def test_refused_pages_leave_the_others_findable(office):
    document = office.file("سطر أول", "!too-many-pixels", "سطر ثالث")
    found = office.read_and_index(document)
    assert found.state == "read with doubts"
    states = [page.state for page in office.archive.pages(CLERK, document)]
    assert states == ["read", "refused", "read"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [(["!!password-protected"], "password-protected"), (["!page-damaged"], "page-damaged")],
)
def test_a_file_with_nothing_legible_is_refused_with_its_reason(office, lines, reason):
    found = office.read_and_index(office.file(*lines))
    assert (found.state, found.reason) == ("refused", reason)


def test_a_killed_reading_goes_on_where_it_stopped(office):
    """Killed before every page in turn, each page is read once and the result is the same."""
    lines = [f"صفحة رقم {number}" for number in range(1, 13)]
    document = office.file(*lines)
    for page in (1, 2, 7, 11, 12):
        office.ocr.dies_before_page = page
        with pytest.raises(Killed):
            office.archive.reading.read(document)
    found = office.read_and_index(document)
    assert (found.state, found.pages_read) == ("read", 12)
    assert office.ocr.pages_read == list(range(1, 13))
    assert len(list(office.blobs.keys("words/"))) == 12
    assert office.search.count() == 12
    office.archive.reading.read(document)
    assert office.ocr.pages_read == list(range(1, 13))


def test_a_reader_that_is_stopped_refuses_no_document(office):
    """Ctrl-C, or a reader killed for another file's sake: the document is read on later."""
    document = office.file("صفحة أولى", "صفحة ثانية")

    def stop(number):
        if number == 2:
            raise ReaderGone

    office.ocr.before_page = stop
    with pytest.raises(ReaderGone):
        office.archive.reading.read(document)
    assert office.archive.document(CLERK, document).state == "reading"
    office.ocr.before_page = lambda number: None
    found = office.read_and_index(document)
    assert (found.state, office.ocr.pages_read) == ("read", [1, 2])


def announced(office) -> set[int]:
    """The pages for which indexing was asked."""
    covered: set[int] = set()
    while job := office.jobs.claim(["index_pages"], timedelta(minutes=1)):
        pages = job.payload["payload"]
        covered |= set(range(pages["first"], pages["last"] + 1))
        office.jobs.finish(job)
    return covered


def test_pages_are_announced_in_groups_that_cover_each_once(office):
    document = office.file(*[f"سطر {number}" for number in range(1, 24)])
    office.ocr.dies_before_page = 15
    with pytest.raises(Killed):
        office.archive.reading.read(document)
    office.archive.reading.read(document)
    assert announced(office) == set(range(1, 24))


def test_reading_again_makes_a_new_version(office):
    document = office.file("قديم")
    office.read_and_index(document)
    assert office.archive.read_again(CLERK, document) == 2
    found = office.read_and_index(document)
    assert (found.state, found.version, found.pages_read) == ("read", 2, 1)


def test_a_reading_that_is_asked_for_anew_half_way_leaves_nothing_of_the_old(office):
    """What the old reading still says, pages or a refusal, is not said of the new one."""
    document = office.file("صفحة أولى", "صفحة ثانية", "صفحة ثالثة")

    def ask_anew_and_give_up(number):
        if number == 2:
            office.archive.read_again(CLERK, document)
            with office.database.transaction() as tx:
                tx.get_one(Document, document).state = "reading"  # the new one has begun
            raise SourceRefused("reader-crashed")

    office.ocr.before_page = ask_anew_and_give_up
    office.archive.reading.read(document)
    assert office.archive.document(CLERK, document).state == "reading"
    assert office.archive.pages(CLERK, document) == []


def test_no_page_of_an_old_version_slips_in_while_a_new_one_is_made(office):
    document = office.file("صفحة أولى", "صفحة ثانية")
    at_page, go_on = threading.Event(), threading.Event()

    def wait(number):
        at_page.set()
        go_on.wait(10)

    office.ocr.before_page = wait
    reader = threading.Thread(target=office.archive.reading.read, args=(document,))
    reader.start()
    at_page.wait(10)
    with office.database.transaction() as tx:
        tx.get_one(Document, document, with_for_update=True).version = 2
        tx.flush()
        go_on.set()
        reader.join(0.5)  # time enough to keep the page, if nothing held it up
    reader.join()
    assert office.archive.pages(CLERK, document) == []


def test_two_who_read_one_document_at_once_end_it_once(office):
    """As after a lease that ran out: the first worker lives on and does not know."""
    document = office.file(*[f"صفحة {number}" for number in range(1, 6)])
    second: list[threading.Thread] = []

    def join_in(number):
        if number == 2 and not second:
            second.append(threading.Thread(target=office.archive.reading.read, args=(document,)))
            second[0].start()

    office.ocr.before_page = join_in
    office.archive.reading.read(document)
    second[0].join()
    found = office.archive.document(CLERK, document)
    assert (found.state, found.pages_read) == ("read", 5)
    assert [page.number for page in office.archive.pages(CLERK, document)] == [1, 2, 3, 4, 5]
    with office.database.reading() as tx:
        names = list(tx.scalars(select(EventRow.name)))
    assert names.count("archive.document_read") == 1


def test_an_upload_is_filed_once_when_whole(office):
    intake = office.archive.intake
    upload, _ = intake.open_upload(CLERK, "C:\\مسح\\صك.pdf", 5, Filing())
    with pytest.raises(UploadIncomplete):
        intake.complete_upload(CLERK, upload)
    office.blobs.put(b"whole", f"incoming/{upload}")
    with pytest.raises(UploadUnknown):
        intake.complete_upload(OTHER_CLERK, upload)
    document = intake.complete_upload(CLERK, upload).document
    assert document.filename == "صك.pdf"
    again = intake.complete_upload(CLERK, upload)
    assert again.document.id == document.id and again.is_new
    assert list(office.blobs.keys("incoming/")) == []
    with pytest.raises(FileEmpty):
        intake.open_upload(CLERK, "empty.pdf", 0, Filing())


@pytest.mark.parametrize("later", [{"kind": "drawing"}, {"title": "نسخة", "year": 2019}])
def test_the_same_bytes_sent_again_for_the_same_parcel_are_not_filed_twice(office, later):
    def send(**filing):
        upload, _ = office.archive.intake.open_upload(CLERK, "scan.pdf", 5, Filing(**filing))
        office.blobs.put(b"whole", f"incoming/{upload}")
        office.clock.move(seconds=1)
        filed = office.archive.intake.complete_upload(CLERK, upload)
        return filed.document, filed.is_new

    first, is_new = send(parcel="MN-3-0121", kind="building-permit")
    assert is_new
    again, is_new = send(parcel="MN-3-0121", **later)
    assert (again.id, again.kind, again.title, is_new) == (first.id, "building-permit", "", False)
    elsewhere, is_new = send(parcel=None, **later)
    assert is_new and elsewhere.id != first.id and elsewhere.duplicate_of == first.id
    hidden, is_new = send(parcel="MN-3-0121", confidential=True)
    assert is_new and hidden.confidential and hidden.id != first.id
    assert len(office.archive.recent(ARCHIVIST)) == 3
    assert list(office.blobs.keys("incoming/")) == []


def test_an_upload_that_is_completed_twice_at_once_is_one_document(office, monkeypatch):
    intake = office.archive.intake
    upload, _ = intake.open_upload(CLERK, "scan.pdf", 5, Filing())
    office.blobs.put(b"whole", f"incoming/{upload}")
    together, put = threading.Barrier(2), office.blobs.put

    def put_together(content):
        stored = put(content)
        together.wait(10)
        return stored

    monkeypatch.setattr(office.blobs, "put", put_together)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(intake.complete_upload, CLERK, upload) for _ in range(2)]
        assert len({call.result().document.id for call in calls}) == 1
        assert all(call.result().is_new for call in calls)
    assert len(office.archive.recent(CLERK)) == 1


def test_an_upload_that_another_call_has_just_filed_is_that_document(office, monkeypatch):
    intake = office.archive.intake
    upload, _ = intake.open_upload(CLERK, "scan.pdf", 5, Filing())
    office.blobs.put(b"whole", f"incoming/{upload}")
    size = office.blobs.size

    def somebody_is_quicker(key):
        monkeypatch.setattr(office.blobs, "size", size)
        intake.complete_upload(CLERK, upload)
        return size(key)

    monkeypatch.setattr(office.blobs, "size", somebody_is_quicker)
    assert intake.complete_upload(CLERK, upload).document.filename == "scan.pdf"
    assert len(office.archive.recent(CLERK)) == 1


def test_an_unknown_parcel_is_refused_with_near_ones(office):
    with pytest.raises(FieldsInvalid) as refused:
        office.archive.intake.check(kind="drawing", parcel="mn ٣ ٠١٢٢", year="3000")
    assert set(refused.value.fields) == {"parcel", "year"}
    assert isinstance(refused.value.fields["parcel"], ParcelUnknown)
    assert refused.value.fields["parcel"].data["suggestions"] == ["MN-3-0121"]
    assert office.archive.intake.check(kind="drawing", parcel=" mn/٣/١٢١ ").parcel == "MN-3-0121"


def test_confidential_documents_are_nobodys_who_may_not(office):
    document = office.file("سري للغاية", confidential=True)
    office.read_and_index(document)
    assert office.archive.search(CLERK, "سري").hits == ()
    with pytest.raises(DocumentUnknown):
        office.archive.document(CLERK, document)
    assert office.archive.document(ARCHIVIST, document).id == document
    assert [hit.document.id for hit in office.archive.search(ARCHIVIST, "سري").hits] == [document]


def test_citizens_and_strangers_have_no_archive(office, tmp_path):
    for use in (
        lambda: office.archive.search(CITIZEN, "رخصة"),
        lambda: office.archive.recent(CITIZEN),
        lambda: office.archive.intake.file(CITIZEN, tmp_path / "x", Filing()),
    ):
        with pytest.raises(NotPermitted):
            use()


def test_nothing_asked_is_refused(office):
    with pytest.raises(SearchEmpty):
        office.archive.search(ARCHIVIST, "  ")


def test_the_index_is_rebuilt_from_kept_words(office):
    document = office.file("سطر أول", "سطر ثان")
    office.archive.reading.read(document)
    assert office.search.count() == 0
    assert office.archive.finding.rebuild() == 2
    assert not office.search.needs_rebuild
    assert [hit.document.id for hit in office.archive.search(ARCHIVIST, "سطر").hits] == [document]


def test_a_long_document_is_read_by_turns(office):
    """Each turn reads at least a page, and the result is that of one turn."""
    document = office.file(*[f"صفحة رقم {number}" for number in range(1, 24)])
    turns = []
    office.ocr.before_page = lambda number: office.clock.move(seconds=100)
    while following := office.archive.reading.read(document, office.clock.now() + timedelta(seconds=900)):
        turns.append(following)
    assert turns == [10, 19]
    found = office.read_and_index(document)
    assert (found.state, found.pages_read, office.ocr.pages_read) == ("read", 23, list(range(1, 24)))
    assert office.archive.reading.read(document, office.clock.now()) is None
    assert announced(office) == set(range(1, 24))


def test_a_document_that_ends_when_time_is_up_needs_no_other_turn(office):
    document = office.file("صفحة أولى", "صفحة ثانية")
    office.ocr.before_page = lambda number: office.clock.move(seconds=100)
    assert office.archive.reading.read(document, office.clock.now() + timedelta(seconds=200)) is None
    assert office.archive.document(CLERK, document).state == "read"


def test_the_rest_of_a_long_document_is_another_job(office, monkeypatch):
    monkeypatch.setattr(archive_jobs, "_AT_A_TIME", timedelta(0))
    document = office.file("صفحة أولى", "صفحة ثانية", "صفحة ثالثة")
    diwan = SimpleNamespace(
        archive=office.archive, clock=office.clock, database=office.database, jobs=office.jobs
    )
    message = {"subject": document, "event": "e1"}
    archive_jobs.read_document(diwan, message)
    archive_jobs.read_document(diwan, message)  # delivered twice
    turns = []
    while job := office.jobs.claim(["read_document"], timedelta(minutes=1)):
        turns.append(job.key)
        archive_jobs.read_document(diwan, job.payload)
        office.jobs.finish(job)
    assert office.ocr.pages_read == [1, 2, 3]
    assert turns == ["e1:2", "e1:3"]
    assert office.archive.document(CLERK, document).state == "read"


@pytest.mark.parametrize(("pages", "steps_taken"), [(1, 11), (3, 5), (100, 5)])
def test_the_index_is_rebuilt_by_jobs_when_it_asks_for_it(office, monkeypatch, pages, steps_taken):
    monkeypatch.setattr(finding, "_PAGES", pages)
    monkeypatch.setattr(finding, "_DOCUMENTS", 2)
    documents = [office.file("سطر أول", f"سطر {number}", name=f"{number}.pdf") for number in range(5)]
    for document in documents:
        office.archive.reading.read(document)
    diwan = SimpleNamespace(
        archive=office.archive, search=office.search, database=office.database, jobs=office.jobs
    )
    archive_jobs.check_index(diwan, {"minute": "1"})
    archive_jobs.check_index(diwan, {"minute": "2"})  # one rebuilding at a time
    steps = 0
    while job := office.jobs.claim(["rebuild_index"], timedelta(minutes=1)):
        assert office.search.needs_rebuild
        archive_jobs.rebuild_index(diwan, job.payload)
        office.jobs.finish(job)
        steps += 1
    assert steps == steps_taken
    assert office.search.count() == 10
    assert not office.search.needs_rebuild
    archive_jobs.check_index(diwan, {"minute": "3"})
    assert office.jobs.pending(["rebuild_index"]) == 0


def test_pages_replaced_while_they_are_indexed_do_not_stay(office):
    """Another function takes the old version out just before this one puts it in."""
    document = office.file("سطر قديم")
    office.archive.reading.read(document)
    put = office.search.index

    def late(entries):
        office.search.index = put
        office.archive.read_again(CLERK, document)
        office.search.remove(document, "1")
        put(entries)

    office.search.index = late
    office.archive.finding.index(document, 1, 1, 1)
    assert office.search.count() == 0


def asked_for(office):
    """The jobs that are to make searchable PDFs, taken up."""
    jobs = []
    while job := office.jobs.claim(["make_searchable"], timedelta(minutes=1)):
        jobs.append(job.payload)
        office.jobs.finish(job)
    return jobs


def make_searchable(office, message):
    archive_jobs.make_searchable(SimpleNamespace(archive=office.archive), message)


def test_a_searchable_pdf_is_made_once_of_what_was_read(office):
    document = office.file("رخصة بناء", "!too-many-pixels", name="رخصة.tif")
    office.read_and_index(document)
    with pytest.raises(DocumentUnknown):
        office.archive.searchable_url(CLERK, document)
    for _ in range(2):
        office.archive.ask_searchable(CLERK, document)
    (message,) = asked_for(office)
    assert office.archive.document(CLERK, document).searchable == "asked"
    office.ocr.dies_writing = True
    with pytest.raises(Killed):
        make_searchable(office, message)
    for _ in range(2):
        make_searchable(office, message)
    assert office.archive.document(CLERK, document).searchable == "made"
    office.archive.ask_searchable(CLERK, document)
    assert asked_for(office) == []
    assert office.blobs.get(f"searchable/{document}/1.pdf").decode() == "1 300 0.0 رخصة بناء\n2 0 0.0 "
    link = office.archive.searchable_url(CLERK, document)
    assert link.startswith("https://") or "/files/" in link
    with office.database.reading() as tx:
        told = tx.execute(select(EventRow.name, EventRow.payload).order_by(EventRow.sequence)).all()
    names = [name for name, _ in told]
    assert (names.count("archive.searchable_asked"), names.count("archive.searchable_ended")) == (1, 1)
    assert told[-1][1]["action"] == "searchable PDF downloaded"


def test_why_there_is_no_searchable_pdf_is_told_and_it_may_be_asked_for_again(office):
    document = office.file("رخصة")
    office.read_and_index(document)
    office.archive.ask_searchable(CLERK, document)
    office.ocr.refuses_writing = "truncated-file"
    make_searchable(office, *asked_for(office))
    assert office.archive.document(CLERK, document).searchable == "truncated-file"
    office.archive.ask_searchable(CLERK, document)
    assert len(asked_for(office)) == 1


def test_a_searchable_pdf_of_an_old_reading_is_not_given_for_the_new(office):
    document = office.file("قديم")
    office.read_and_index(document)
    office.archive.ask_searchable(CLERK, document)
    (old,) = asked_for(office)
    office.archive.read_again(CLERK, document)
    with pytest.raises(DocumentUnread):
        office.archive.ask_searchable(CLERK, document)
    office.read_and_index(document)
    office.archive.ask_searchable(CLERK, document)
    make_searchable(office, old)
    assert office.archive.document(CLERK, document).searchable == "asked"
    make_searchable(office, *asked_for(office))
    office.archive.searchable_url(CLERK, document)


def test_pages_of_which_too_little_was_noted_are_to_be_read_again_first(office):
    document = office.file("قديم")
    office.read_and_index(document)
    with office.database.transaction() as tx:
        tx.get_one(PageRow, (document, 1)).dpi = None  # as the release before left it
    with pytest.raises(ReadBeforeSearchable):
        office.archive.ask_searchable(CLERK, document)
    assert asked_for(office) == []


def test_confidential_documents_are_made_searchable_for_those_who_may_read_them(office):
    document = office.file("سر", confidential=True)
    office.archive.reading.read(document)
    for refused in (office.archive.ask_searchable, office.archive.searchable_url):
        with pytest.raises(DocumentUnknown):
            refused(CLERK, document)
    with pytest.raises(NotPermitted):
        office.archive.ask_searchable(CITIZEN, document)
    office.archive.ask_searchable(ARCHIVIST, document)
    make_searchable(office, *asked_for(office))
    office.archive.searchable_url(ARCHIVIST, document)


def gives_up(office, *documents: str, version: int = 1) -> None:
    """The jobs that read these documents end dead."""
    for document in documents:
        asked = {"subject": document, "payload": {} if version == 1 else {"version": version}}
        with office.database.transaction() as tx:
            office.jobs.add(tx, "read_document", f"{document}:{version}", asked)
        job = office.jobs.claim(["read_document"], timedelta(minutes=1))
        assert job is not None
        office.jobs.fail(job, "OSError", final=True)


def test_whose_reading_was_given_up_is_told_of_all_alike(office):
    waits, stopped, secret, half, ended = (
        office.file(f"نص {n}", name=f"{n}.pdf", confidential=n == 2) for n in range(5)
    )
    office.read_and_index(ended)  # by a job that died before it could say so
    with office.database.transaction() as tx:
        tx.get_one(Document, half).state = "reading"
    gives_up(office, stopped, secret, half, ended)
    everything = [waits, stopped, secret, half, ended]
    assert office.archive.reading.stopped_among(everything) == {stopped, secret, half}
    assert office.archive.reading.stopped_among([]) == frozenset()
    assert office.archive.counts(ARCHIVIST) == {"received": 1, "reading": 0, "read": 1, "stopped": 3}
    assert office.archive.counts(CLERK) == {"received": 1, "reading": 0, "read": 1, "stopped": 2}
    listed = [one.id for one in office.archive.recent(CLERK, stopped=True)]
    assert listed == sorted([stopped, half], reverse=True)
    assert [one.id for one in office.archive.recent(CLERK, 1, listed[0], stopped=True)] == listed[1:]


def test_a_reading_is_given_up_until_it_is_asked_for_again(office):
    first, second = (office.file(f"نص {n}", name=f"{n}.pdf") for n in range(2))
    gives_up(office, first, second)
    [job] = office.jobs.dead(subject=first)
    with office.database.transaction() as tx:
        assert office.jobs.retry(tx, job.id)
    office.archive.read_again(CLERK, second)
    assert office.archive.reading.stopped_among([first, second]) == frozenset()
    assert office.jobs.finish(office.jobs.claim(["read_document"], timedelta(minutes=1)))
    gives_up(office, second, version=2)
    assert office.archive.reading.stopped_among([first, second]) == {second}


def etag(office, document: str) -> str:
    return filing_etag(filing_of(office.archive.document(ARCHIVIST, document)))


def correct(office, document: str, seen: str, actor=CLERK, **typed: str) -> bool:
    asked = {"kind": "other", "title": "", "owner": "", "year": "", **typed}
    return office.archive.correct_filing(actor, document, seen, **asked)


def corrections(office) -> list[dict]:
    with office.database.reading() as tx:
        named = select(EventRow.payload).where(EventRow.name == "archive.filing_corrected")
        return list(tx.scalars(named.order_by(EventRow.sequence)))


def index_all(office) -> list[str]:
    """Do what is to be indexed; the keys of the jobs."""
    diwan = SimpleNamespace(archive=office.archive, database=office.database, jobs=office.jobs)
    keys = []
    while job := office.jobs.claim(["index_pages"], timedelta(minutes=1)):
        archive_jobs.index_pages(diwan, job.payload)
        office.jobs.finish(job)
        keys.append(job.key)
    return keys


def kinds_found(office, **narrowed) -> dict[str, int]:
    found = office.archive.search(ARCHIVIST, "رخصة", **narrowed)
    return {facet.value: facet.pages for facet in found.facets.get("kind", ())}


def test_a_corrected_filing_is_told_and_found_as_it_is_now(office):
    document = office.file(
        "رخصة بناء", "رخصة ثانية", parcel="MN-3-0121", kind="drawing", title="مخطط", year=2019
    )
    other = office.file("رخصة أخرى", name="other.pdf", kind="drawing")
    for each in (document, other):
        office.read_and_index(each)
    index_all(office)
    assert kinds_found(office) == {"drawing": 3}
    assert correct(
        office, document, etag(office, document),
        kind="building-permit", title="  رخصة   الفلك ", owner="سالم النورس", year="٢٠١٩",
    )  # fmt: skip
    found = office.archive.document(CLERK, document)
    assert filing_of(found) == Filing(
        "building-permit", "رخصة الفلك", "سالم النورس", "MN-3-0121", 2019, False
    )
    assert (found.state, found.version, found.pages_read) == ("read", 1, 2)
    assert corrections(office) == [
        {
            "subject": document,
            "before": {"kind": "drawing", "title": "مخطط", "owner": ""},
            "after": {"kind": "building-permit", "title": "رخصة الفلك", "owner": "سالم النورس"},
            "version": 1,
            "first": 1,
            "last": 2,
        }
    ]
    assert len(index_all(office)) == 1
    assert kinds_found(office) == {"building-permit": 2, "drawing": 1}
    for words, hits in (("الفلك", [document]), ("مخطط", [])):
        assert [hit.document.id for hit in office.archive.search(ARCHIVIST, words).hits] == hits
    assert office.search.count() == 3


def test_who_corrects_what_has_changed_meanwhile_changes_nothing(office):
    document = office.file("رخصة", title="الأول")
    seen = etag(office, document)
    assert correct(office, document, seen, title="الثاني")
    with pytest.raises(FilingChanged):
        correct(office, document, seen, OTHER_CLERK, title="الثالث")
    assert office.archive.document(CLERK, document).title == "الثاني"
    assert correct(office, document, seen, title="الثاني") is False  # the same, sent twice
    assert len(corrections(office)) == 1
    assert correct(office, document, etag(office, document), OTHER_CLERK, title="الثالث")
    assert [one["after"] for one in corrections(office)] == [{"title": "الثاني"}, {"title": "الثالث"}]


def test_of_two_who_correct_at_once_one_is_told(office, monkeypatch):
    document = office.file("رخصة")
    seen, together, opened = etag(office, document), threading.Barrier(2), office.archive.document

    def open_together(actor, document_id):
        found = opened(actor, document_id)
        together.wait(10)
        return found

    monkeypatch.setattr(office.archive, "document", open_together)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(correct, office, document, seen, title=title) for title in ("ألف", "باء")]
        told = [call.exception() for call in calls]
    assert sorted(type(one).__name__ for one in told) == ["FilingChanged", "NoneType"]
    assert len(corrections(office)) == 1


def test_a_correction_of_nothing_or_to_nothing_sensible_changes_nothing(office):
    document = office.file("رخصة", title="الأول", year=1998)
    seen = etag(office, document)
    assert correct(office, document, seen, title="الأول", year="1998") is False
    with pytest.raises(FieldsInvalid) as refused:
        correct(office, document, seen, kind="poem", year="3000", title="ع" * 301)
    assert set(refused.value.fields) == {"kind", "year", "title"}
    with pytest.raises(FilingChanged):
        correct(office, document, "", title="الثاني")
    assert etag(office, document) == seen
    assert corrections(office) == [] and office.jobs.pending(["index_pages"]) == 0


def test_a_filing_is_corrected_by_those_who_may_file_and_read_it(office):
    document = office.file("سر", confidential=True, parcel="MN-3-0121")
    seen = etag(office, document)
    with pytest.raises(DocumentUnknown):
        correct(office, document, seen, title="جديد")
    for actor in (CITIZEN, Actor("staff", "auditor", frozenset({"auditor"}))):
        with pytest.raises(NotPermitted):
            correct(office, document, seen, actor, title="جديد")
    assert etag(office, document) == seen
    assert correct(office, document, seen, ARCHIVIST, title="جديد")
    found = office.archive.document(ARCHIVIST, document)
    assert (found.title, found.confidential, found.parcel) == ("جديد", True, "MN-3-0121")


def test_a_corrected_document_is_still_the_one_of_its_bytes(office):
    document = office.file("رخصة", kind="drawing", parcel="MN-3-0121")
    assert correct(office, document, etag(office, document), kind="building-permit")
    assert office.file("رخصة", name="again.pdf", kind="drawing", parcel="MN-3-0121") == document
    assert office.archive.document(CLERK, document).kind == "building-permit"


def test_what_is_corrected_before_it_is_read_is_found_as_it_is_now(office):
    document = office.file("رخصة")
    assert correct(office, document, etag(office, document), kind="fee-receipt")
    office.archive.reading.read(document)
    assert len(index_all(office)) == 2
    assert kinds_found(office) == {"fee-receipt": 1}


def test_a_long_document_is_indexed_again_by_turns(office, monkeypatch):
    monkeypatch.setattr(finding, "_PAGES", 2)
    document = office.file(*[f"رخصة {number}" for number in range(1, 6)])
    office.archive.reading.read(document)
    index_all(office)
    assert correct(office, document, etag(office, document), kind="fee-receipt")
    first, *rest = index_all(office)
    assert rest == [f"{first}:3", f"{first}:5"]
    assert kinds_found(office) == {"fee-receipt": 5}


def test_pages_that_are_being_indexed_while_their_filing_is_corrected_are_found_as_it_is_now(office):
    """Another function puts them in as they are filed now just before this one puts in what it read before."""
    document = office.file("رخصة")
    office.archive.reading.read(document)
    put = office.search.index

    def late(entries):
        office.search.index = put
        correct(office, document, etag(office, document), kind="fee-receipt")
        office.archive.finding.index(document, 1, 1, 1)
        put(entries)

    office.search.index = late
    office.archive.finding.index(document, 1, 1, 1)
    assert kinds_found(office) == {"fee-receipt": 1}
