"""Renewal from the counter to the signed licence, on both databases, whoever interrupts it."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.key_file import KeyFile
from chalicelib.adapters.embedded.sandbox_gateway import SandboxCheckout, SandboxGateway
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.commands import sample_municipality
from chalicelib.database.engine import Database
from chalicelib.database.outbox import EventRow, Outbox
from chalicelib.identity.service import Identity
from chalicelib.jobs import licensing as licensing_jobs
from chalicelib.jobs import payments as payments_jobs
from chalicelib.kernel.actor import ANONYMOUS, Actor, system
from chalicelib.kernel.errors import FieldsInvalid, NotFound, NotPermitted, Refusal
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.licensing.errors import (
    ActionNotAllowed,
    ApplicationUnknown,
    LicenceFileMissing,
    LicenceUnknown,
)
from chalicelib.licensing.models import (
    Application,
    ApplicationEvent,
    Licence,
    LicenceFile,
    LicenceTerm,
)
from chalicelib.licensing.service import Licensing
from chalicelib.licensing.views import LicenceOffer, RenewalView
from chalicelib.parcels.municipality import read_municipality
from chalicelib.parcels.service import Parcels
from chalicelib.payments.errors import DemandPaid, PaymentUnderWay
from chalicelib.payments.models import Receipt
from chalicelib.payments.service import Payments
from chalicelib.ports.gateway import Choice
from chalicelib.signing.document import LicenceDocument
from chalicelib.signing.service import SignedLicence, Signing
from chalicelib.signing.verification import verify_pdf
from tests.moving_clock import MovingClock
from tests.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
BASE = "http://127.0.0.1:8000"
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "ibm-plex-sans-arabic"
INSTANT, INSPECTED, LATE = "HL-2024-00417", "HL-2022-00256", "HL-2023-00688"
REVIEWER = Actor("staff", new_id(), frozenset({"reviewer"}))
INSPECTOR = Actor("staff", new_id(), frozenset({"inspector"}))


class Town:
    """The sample municipality with real signing, a practice gateway, and a worker that runs on request."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = MovingClock()
        self.municipality = read_municipality(ROOT / "samples" / "municipality" / "municipality.json")
        self.settings = SimpleNamespace(assets=ROOT)
        self.jobs = DatabaseJobs(database, self.clock)
        outbox = Outbox(self.jobs, self.clock, licensing_jobs.SUBSCRIPTIONS)
        self.blobs = FolderBlobs(folder / "blobs", SignedLinks(b"s" * 32, self.clock))
        self.gateway = SandboxGateway(database, self.clock, BASE)
        self.identity = Identity(database, outbox, SimpleNamespace(notify=lambda *_, **__: None), self.clock)  # type: ignore[arg-type]
        self.parcels = Parcels(database)
        self.payments = Payments(
            database=database,
            outbox=outbox,
            clock=self.clock,
            gateway=self.gateway,
            base_url=BASE,
            office=self.municipality.code,
            timezone=self.municipality.timezone,
        )
        self.signing = Signing(KeyFile(folder / "keys", self.clock), FONTS, BASE, self.clock)
        self.licensing = Licensing(
            database=database,
            outbox=outbox,
            jobs=self.jobs,
            clock=self.clock,
            payments=self.payments,
            signing=self.signing,
            blobs=self.blobs,
            identity=self.identity,
            parcels=self.parcels,
            municipality=self.municipality,
        )

    @property
    def today(self) -> date:
        return self.municipality.local_day(self.clock.now())

    def holder(self, number: str) -> tuple[Actor, str]:
        """The holder of the licence of that number, and the licence's id."""
        with self.database.reading() as tx:
            row = tx.scalars(select(Licence).where(Licence.number == number)).one()
        return Actor("citizen", row.holder, frozenset({"citizen"})), row.id

    def offer(self, number: str) -> LicenceOffer:
        actor, id = self.holder(number)
        return self.licensing.licence(actor, id)

    def submitted(self, number: str, **answers: Any) -> tuple[Actor, RenewalView]:
        actor, id = self.holder(number)
        renewal = self.licensing.start_renewal(actor, id)
        self.confirm(actor, renewal.id, **answers)
        return actor, self.licensing.submit(actor, renewal.id)

    def confirm(self, actor: Actor, renewal: str, **answers: Any) -> RenewalView:
        return self.licensing.confirm_renewal(
            actor, renewal, **{"phone": "٥٠٠٠ ١١٠٨", "unchanged": True, "change": "", **answers}
        )

    def press(self, actor: Actor, renewal: str, choice: Choice) -> None:
        page = self.gateway.choose(self.licensing.pay(actor, renewal, "ar").provider_id, choice)
        if choice != "pay_and_close":
            self.payments.returned(page.return_url.rsplit("/", 1)[1])

    def work(self) -> None:
        """Run every due job; one that fails is put back."""
        handlers: dict[str, Any] = {**licensing_jobs.HANDLERS, **payments_jobs.HANDLERS}
        while job := self.jobs.claim(list(handlers), timedelta(minutes=1)):
            try:
                handlers[job.queue](self, job.payload)
            except Exception as error:
                self.jobs.fail(job, repr(error))
            else:
                self.jobs.finish(job)

    def count(self, row: Any, *where: Any) -> int:
        with self.database.reading() as tx:
            return tx.scalar(select(func.count()).select_from(row).where(*where)) or 0

    def issued_once(self, renewal: RenewalView) -> None:
        """One term, one file, one receipt, one charge, one event; the file says what the register says."""
        with self.database.reading() as tx:
            term = tx.scalars(select(LicenceTerm).where(LicenceTerm.application_id == renewal.id)).one()
            file = tx.scalars(select(LicenceFile).where(LicenceFile.term_id == term.id)).one()
        assert self.count(Receipt) == self.count(LicenceFile) == 1
        assert self.count(SandboxCheckout, SandboxCheckout.state == "captured") == 1
        assert self.count(EventRow, EventRow.name == "licensing.licence_issued") == 1
        verdict = verify_pdf(self.blobs.get(file.blob_key), self.signing.roots(), self.clock.now())
        assert (verdict.number, verdict.term) == (renewal.licence.number, term.number)
        assert (verdict.valid, verdict.reasons) == (True, ())
        assert verdict.valid_from == self.today.isoformat()
        assert verdict.expires_on == term.ends_on.isoformat()
        assert verdict.sha256 == file.sha256
        self.history_holds(renewal.id)

    def history_holds(self, application: str) -> None:
        """The state is the fold of the events, each an edge that its actor might take."""
        with self.database.reading() as tx:
            row = tx.get_one(Application, application)
            steps = tx.scalars(
                select(ApplicationEvent)
                .where(ApplicationEvent.application_id == application)
                .order_by(ApplicationEvent.sequence)
            ).all()
        state = "draft"
        for place, step in enumerate(steps, start=1):
            assert (step.sequence, step.from_state) == (place, state)
            state = step.to_state
        assert row.state == state


@pytest.fixture(scope="module")
def sqlite_town(sqlite_with_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the sample municipality in it, to be copied."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(sqlite_with_tables, folder / "town.sqlite3")
    _load(f"sqlite:///{folder / 'town.sqlite3'}", folder)
    return folder / "town.sqlite3"


@pytest.fixture(scope="module")
def postgres_town(
    postgres: PostgresServer, postgres_with_tables: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A PostgreSQL database with the sample municipality in it, to be copied."""
    name = postgres.create_database(template=postgres_with_tables)
    _load(postgres.url(name), tmp_path_factory.mktemp("town"))
    return name


def _load(url: str, folder: Path) -> None:
    database = Database(url)
    assert sample_municipality.load(Town(database, folder))  # type: ignore[arg-type]
    database.close()


@pytest.fixture(params=["sqlite", "postgres"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """The sample municipality, untouched."""
    made: str | Path = request.getfixturevalue(f"{request.param}_town")
    if isinstance(made, Path):
        shutil.copy(made, tmp_path / "town.sqlite3")
        url, server, name = f"sqlite:///{tmp_path / 'town.sqlite3'}", None, ""
    else:
        server = request.getfixturevalue("postgres")
        name = server.create_database(template=made)
        url = server.url(name)
    database = Database(url)
    yield Town(database, tmp_path)
    database.close()
    if server:
        server.drop_database(name)


def test_the_sample_is_loaded_once(town: Town) -> None:
    licences = town.count(Licence)
    assert not sample_municipality.load(town)  # type: ignore[arg-type]
    assert town.count(Licence) == licences > 0


def test_a_renewal_that_changes_nothing_is_issued_after_payment_by_no_ones_favour(town: Town) -> None:
    before = town.offer(INSTANT).licence
    actor, renewal = town.submitted(INSTANT)
    assert (renewal.state, renewal.reasons, renewal.instant) == ("approved_awaiting_payment", (), True)
    assert (renewal.amount, renewal.phone) == (Money(10_000, "KWD"), "+96550001108")
    town.press(actor, renewal.id, "pay")
    town.work()
    town.issued_once(renewal)
    after = town.offer(INSTANT).licence
    assert (after.number, after.term) == (before.number, before.term + 1)
    assert after.starts_on == before.expires_on + timedelta(days=1)
    assert after.has_file
    view = town.licensing.renewal(actor, renewal.id)
    assert (view.state, view.open) == ("issued", False)
    assert view.demand is not None
    assert view.demand.receipt_number == "R-marsa-alnoor-2026-000001"
    stored = town.licensing.licence_pdf(actor, after.id)
    assert stored.filename == f"{before.number}-{after.term}.pdf"
    assert town.blobs.exists(stored.blob_key)


def test_a_late_renewal_pays_for_its_days_and_starts_today(town: Town) -> None:
    actor, renewal = town.submitted(LATE)
    assert [(charge.rule, charge.amount.minor) for charge in renewal.charges] == [
        ("health-renewal-base", 10_000),
        ("health-renewal-late", 2_000),
    ]
    assert renewal.late_days == 20
    town.press(actor, renewal.id, "pay")
    town.work()
    town.issued_once(renewal)
    assert town.offer(LATE).licence.starts_on == town.today


def test_what_was_demanded_does_not_grow_while_it_waits_to_be_paid(town: Town) -> None:
    actor, renewal = town.submitted(LATE)
    town.clock.move(days=10)
    assert town.licensing.renewal(actor, renewal.id).charges == renewal.charges
    assert town.licensing.renewal(actor, renewal.id).late_days == 20


def test_each_licence_says_what_can_be_done_and_why_not(town: Town) -> None:
    with town.database.reading() as tx:
        numbers = tx.scalars(select(Licence.number)).all()
    refusals = {number: town.offer(number).refusal for number in numbers}
    assert {refusal.code for refusal in refusals.values() if refusal} == {
        "renewal-not-open",
        "licence-suspended",
        "licence-cancelled",
        "violation-unpaid",
    }
    for number, refusal in refusals.items():
        actor, id = town.holder(number)
        if refusal:
            with pytest.raises(type(refusal)):
                town.licensing.start_renewal(actor, id)
        else:
            assert town.licensing.start_renewal(actor, id).state == "draft"
            assert town.offer(number).application


def test_a_double_click_starts_one_application(town: Town) -> None:
    actor, id = town.holder(INSTANT)
    with ThreadPoolExecutor(4) as threads:
        begun = set(threads.map(lambda _: town.licensing.start_renewal(actor, id).id, range(4)))
    assert len(begun) == town.count(Application) == 1


def test_sent_twice_it_is_sent_once(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: town.licensing.submit(actor, renewal.id), range(3)))
    assert town.count(EventRow, EventRow.name == "licensing.application_submitted") == 1
    town.history_holds(renewal.id)


def test_a_double_click_on_pay_charges_once_and_issues_once(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    with ThreadPoolExecutor(2) as threads:
        pages = set(threads.map(lambda _: town.licensing.pay(actor, renewal.id, "ar"), range(2)))
    assert len(pages) == 1
    town.press(actor, renewal.id, "pay")
    with pytest.raises(DemandPaid):
        town.licensing.pay(actor, renewal.id, "ar")
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: town.work(), range(2)))
    town.issued_once(renewal)


def test_a_lost_callback_still_ends_in_a_licence(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    town.press(actor, renewal.id, "pay_and_close")
    town.work()
    assert town.licensing.renewal(actor, renewal.id).state == "approved_awaiting_payment"
    town.clock.move(minutes=2)
    town.payments.reconcile()
    town.work()
    town.issued_once(renewal)


def test_a_declined_card_can_be_followed_by_another(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    town.press(actor, renewal.id, "decline")
    town.work()
    assert town.licensing.renewal(actor, renewal.id).state == "approved_awaiting_payment"
    town.press(actor, renewal.id, "pay")
    town.work()
    town.issued_once(renewal)


@pytest.mark.parametrize(
    "step",
    [
        "chalicelib.licensing.service.Licensing.paid",
        "chalicelib.licensing.casework.Casework.take",
        "chalicelib.signing.service.Signing.issue_licence_pdf",
        "chalicelib.adapters.embedded.folder_blobs.FolderBlobs.put",
        "chalicelib.licensing.issuing.Issuing._grant",
        "chalicelib.database.outbox.Outbox.publish",
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_anywhere_and_repeated_it_is_one_licence(
    town: Town, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    actor, renewal = town.submitted(INSTANT)
    town.press(actor, renewal.id, "pay")
    path, name = step.rsplit(".", 1)
    module, owner = path.rsplit(".", 1)
    owner_class = getattr(__import__(module, fromlist=[owner]), owner)
    real = getattr(owner_class, name)

    def die(*given: Any, **named: Any) -> None:
        if when == "after":
            real(*given, **named)
        raise RuntimeError("killed")

    monkeypatch.setattr(owner_class, name, die)
    town.work()
    town.clock.move(seconds=2)
    town.work()
    monkeypatch.undo()
    for _ in range(3):
        town.clock.move(minutes=15)
        town.work()
    town.issued_once(renewal)


def test_the_whole_issue_repeated_by_two_workers_is_one_licence(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    town.press(actor, renewal.id, "pay")
    clerk = system("test")
    town.licensing.paid(clerk, renewal.id)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: town.licensing.issue(clerk, renewal.id), range(3)))
    town.licensing.paid(clerk, renewal.id)
    town.issued_once(renewal)


def test_an_activity_that_needs_inspection_waits_for_people_with_its_reason(town: Town) -> None:
    actor, renewal = town.submitted(INSPECTED)
    assert (renewal.state, renewal.reasons) == ("under_review", ("activity-needs-inspection",))
    assert renewal.demand is None
    with pytest.raises(ActionNotAllowed):
        town.licensing.pay(actor, renewal.id, "ar")
    with pytest.raises(ActionNotAllowed):
        town.licensing.decide(REVIEWER, renewal.id, "approve", "")
    with pytest.raises(NotPermitted):
        town.licensing.decide(INSPECTOR, renewal.id, "order-inspection", "")
    town.licensing.decide(REVIEWER, renewal.id, "order-inspection", "")
    town.licensing.decide(INSPECTOR, renewal.id, "pass-inspection", "نظيف")
    assert town.licensing.decide(REVIEWER, renewal.id, "approve", "").demand is not None
    town.press(actor, renewal.id, "pay")
    town.work()
    town.issued_once(renewal)


def test_a_change_is_looked_at_by_a_person(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT, unchanged=False, change="انتقلنا إلى الوحدة 4")
    assert (renewal.state, renewal.reasons) == ("under_review", ("details-changed",))
    town.licensing.decide(REVIEWER, renewal.id, "reject", "يلزم ترخيص جديد")
    stopped = town.licensing.renewal(actor, renewal.id)
    assert (stopped.state, stopped.open) == ("rejected", False)
    assert town.count(EventRow, EventRow.name == "licensing.application_stopped") == 1
    assert town.licensing.start_renewal(actor, renewal.licence.id).id != renewal.id


def test_long_expired_is_looked_at_by_a_person(town: Town) -> None:
    _, renewal = town.submitted("HL-2021-00075")
    assert (renewal.state, renewal.reasons) == ("under_review", ("long-expired",))


@pytest.mark.parametrize("action", ["pay", "issue", "approve-unchanged", "submit", "withdraw", "no-such"])
def test_no_member_of_staff_pays_or_issues(town: Town, action: str) -> None:
    _, renewal = town.submitted(INSTANT)
    everything = Actor("staff", new_id(), frozenset({"reviewer", "inspector", "manager", "admin", "cashier"}))
    with pytest.raises(ActionNotAllowed):
        town.licensing.decide(everything, renewal.id, action, "")


def test_an_event_without_a_payment_moves_nothing(town: Town) -> None:
    _, renewal = town.submitted(INSTANT)
    with pytest.raises(ActionNotAllowed):
        town.licensing.paid(system("test"), renewal.id)
    with pytest.raises(ActionNotAllowed):
        town.licensing.issue(system("test"), renewal.id)
    assert town.count(LicenceFile) == 0


def test_withdrawing_frees_the_licence_and_the_fee(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    withdrawn = town.licensing.withdraw(actor, renewal.id)
    assert (withdrawn.state, withdrawn.open) == ("withdrawn", False)
    assert town.licensing.withdraw(actor, renewal.id).state == "withdrawn"
    assert town.licensing.start_renewal(actor, renewal.licence.id).id != renewal.id


def test_nothing_is_withdrawn_while_it_is_being_paid(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    town.licensing.pay(actor, renewal.id, "ar")
    with pytest.raises(PaymentUnderWay):
        town.licensing.withdraw(actor, renewal.id)
    assert town.licensing.renewal(actor, renewal.id).state == "approved_awaiting_payment"


def test_fields_are_refused_together_each_by_name(town: Town) -> None:
    actor, id = town.holder(INSTANT)
    renewal = town.licensing.start_renewal(actor, id)
    with pytest.raises(FieldsInvalid) as refused:
        town.confirm(actor, renewal.id, phone="12", unchanged=None)
    assert list(refused.value.fields) == ["unchanged", "phone"]
    with pytest.raises(FieldsInvalid) as refused:
        town.confirm(actor, renewal.id, unchanged=False, change="  ")
    assert list(refused.value.fields) == ["change"]
    with pytest.raises(Refusal) as unconfirmed:
        town.licensing.submit(actor, renewal.id)
    assert unconfirmed.value.code == "not-confirmed"
    town.confirm(actor, renewal.id)
    town.licensing.submit(actor, renewal.id)
    with pytest.raises(ActionNotAllowed):
        town.confirm(actor, renewal.id)


def test_what_is_another_ones_does_not_exist(town: Town) -> None:
    owner, renewal = town.submitted(INSTANT)
    stranger, _ = town.holder(INSPECTED)
    licence = renewal.licence.id
    for attempt in (
        lambda: town.licensing.licence(stranger, licence),
        lambda: town.licensing.licence_pdf(stranger, licence),
        lambda: town.licensing.start_renewal(stranger, licence),
        lambda: town.licensing.renewal(stranger, renewal.id),
        lambda: town.confirm(stranger, renewal.id),
        lambda: town.licensing.submit(stranger, renewal.id),
        lambda: town.licensing.pay(stranger, renewal.id, "ar"),
        lambda: town.licensing.withdraw(stranger, renewal.id),
        lambda: town.licensing.renewal(owner, new_id()),
        lambda: town.licensing.licence(owner, new_id()),
    ):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(Refusal) as refused:
        town.licensing.start_renewal(ANONYMOUS, licence)
    assert refused.value.kind == "unauthenticated"
    with pytest.raises(NotPermitted):
        town.licensing.issue(owner, renewal.id)


def test_a_licence_from_before_has_no_file_and_says_so(town: Town) -> None:
    actor, id = town.holder(INSTANT)
    with pytest.raises(LicenceFileMissing):
        town.licensing.licence_pdf(actor, id)


def test_anyone_follows_an_application_by_its_number_and_learns_nothing_personal(town: Town) -> None:
    actor, renewal = town.submitted(INSPECTED)
    seen = town.licensing.track(renewal.number.lower().replace("-", " "))
    assert (seen.state, seen.reasons) == ("under_review", ("activity-needs-inspection",))
    party = town.identity.party(actor.id)
    told = repr(seen)
    for secret in (
        party.name_ar,
        party.civil_id,
        party.phone,
        renewal.licence.number,
        renewal.licence.parcel,
    ):
        assert secret not in told
    with pytest.raises(ApplicationUnknown):
        town.licensing.track("HR-0000-0000")


def test_the_public_register_says_what_the_paper_says(town: Town) -> None:
    outcomes = {
        "hl 2024 ٠٠٤١٧": "valid",
        LATE: "expired",
        "HL-2020-00149": "suspended",
        "HL-2025-00644": "cancelled",
    }
    for number, outcome in outcomes.items():
        assert town.licensing.verifying.by_number(number).outcome == outcome
    assert town.licensing.verifying.by_number(INSTANT).holder == ""
    with pytest.raises(LicenceUnknown):
        town.licensing.verifying.by_number("HL-1999-00001")


def test_a_signed_licence_verifies_until_it_ends_or_the_register_says_otherwise(town: Town) -> None:
    actor, renewal = town.submitted(INSTANT)
    town.press(actor, renewal.id, "pay")
    town.work()
    with town.database.reading() as tx:
        file = tx.scalars(select(LicenceFile)).one()
    pdf, verifying = town.blobs.get(file.blob_key), town.licensing.verifying
    seen = verifying.by_token(file.qr_url)
    assert (seen.outcome, seen.number, seen.renewed_until) == ("valid", INSTANT, None)
    assert seen.expires_on == town.offer(INSTANT).licence.expires_on
    assert verifying.by_file(pdf).outcome == "valid"
    forged = verifying.by_file(pdf.replace(b"%%EOF", b"%%EOG"))
    assert (forged.outcome, forged.number) == ("not-genuine", "")
    assert verifying.by_file(b"").reason == "not-a-pdf"
    with town.database.transaction() as tx:
        tx.scalars(select(Licence).where(Licence.number == INSTANT)).one().state = "suspended"
    assert verifying.by_token(file.token).outcome == verifying.by_file(pdf).outcome == "suspended"
    town.clock.move(days=500)
    with town.database.transaction() as tx:
        tx.scalars(select(Licence).where(Licence.number == INSTANT)).one().state = "active"
    assert verifying.by_token(file.token).outcome == verifying.by_file(pdf).outcome == "expired"


def test_a_name_that_cannot_be_printed_leaves_a_dead_job_that_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, renewal = town.submitted(INSTANT)
    town.press(actor, renewal.id, "pay")
    sign = Signing.issue_licence_pdf

    def with_odd_name(self: Signing, document: LicenceDocument) -> SignedLicence:
        return sign(self, replace(document, parcel="漢"))

    monkeypatch.setattr(Signing, "issue_licence_pdf", with_odd_name)
    town.licensing.paid(system("test"), renewal.id)
    with pytest.raises(Exception, match="text-unprintable"):
        licensing_jobs.issue_licence(town, {"application": renewal.id})  # type: ignore[arg-type]
    assert town.licensing.renewal(actor, renewal.id).state == "paid"
