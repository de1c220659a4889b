"""The use cases of licensing: see one's licences, renew, follow an application, look a licence up."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.permissions import Permission, may, permit
from chalicelib.identity.rules import phone_number
from chalicelib.identity.service import Identity
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import FieldsInvalid, FieldTooLong, NotFound, Refusal
from chalicelib.kernel.money import Money, total
from chalicelib.licensing import rules
from chalicelib.licensing.casework import Casework, locked, subject_of
from chalicelib.licensing.definition import ServiceDefinition
from chalicelib.licensing.errors import (
    ActionNotAllowed,
    ApplicationUnknown,
    ChangeMissing,
    ChoiceMissing,
    LicenceFileMissing,
    NotConfirmed,
    PhoneMalformed,
    RenewalNotOffered,
)
from chalicelib.licensing.issuing import Issuing
from chalicelib.licensing.models import Application, Licence
from chalicelib.licensing.services import Catalogue
from chalicelib.licensing.verifying import Verifying
from chalicelib.licensing.views import (
    LicenceOffer,
    RenewalView,
    StoredLicence,
    TrackView,
    file_of,
    licence_view,
    renewal_view,
    standing_of,
    track_view,
)
from chalicelib.parcels.municipality import Municipality
from chalicelib.parcels.service import Parcels
from chalicelib.payments.service import Payments
from chalicelib.ports.blobs import Blobs
from chalicelib.ports.clock import Clock
from chalicelib.ports.gateway import Checkout
from chalicelib.ports.jobs import Jobs
from chalicelib.signing.service import Signing

# Characters in which a holder says what has changed.
CHANGE_LIMIT = 1000
_STAFF_ACTIONS = {
    "approve": Permission.REVIEW_APPLICATION,
    "order-inspection": Permission.REVIEW_APPLICATION,
    "reject": Permission.REVIEW_APPLICATION,
    "pass-inspection": Permission.INSPECT,
    "fail-inspection": Permission.INSPECT,
}


class Licensing:
    """Licences and their renewal. What is not the actor's own does not exist for them.

    `verifying` answers anyone who holds a licence in the hand.
    """

    def __init__(
        self,
        *,
        database: Database,
        outbox: Outbox,
        jobs: Jobs,
        clock: Clock,
        payments: Payments,
        signing: Signing,
        blobs: Blobs,
        identity: Identity,
        parcels: Parcels,
        municipality: Municipality,
    ) -> None:
        self._database = database
        self._clock = clock
        self._payments = payments
        self._identity = identity
        self._parcels = parcels
        self._municipality = municipality
        self._catalogue = Catalogue()
        self._casework = Casework(
            outbox=outbox, jobs=jobs, clock=clock, payments=payments, municipality=municipality
        )
        self.verifying = Verifying(database=database, clock=clock, signing=signing, municipality=municipality)
        self._issuing = Issuing(
            database=database,
            outbox=outbox,
            clock=clock,
            payments=payments,
            signing=signing,
            blobs=blobs,
            identity=identity,
            parcels=parcels,
            municipality=municipality,
            casework=self._casework,
            catalogue=self._catalogue,
        )

    # One's licences

    def licences_of(self, actor: Actor) -> list[LicenceOffer]:
        """The actor's licences, the one that ends first on top, each with what can be done about it."""
        permit(actor, Permission.SEE_OWN_FILE)
        wanted = select(Licence).where(Licence.holder == actor.id)
        with self._database.reading() as tx:
            rows = sorted(
                tx.scalars(wanted), key=lambda row: (row.state in rules.ENDED, row.terms[-1].ends_on)
            )
            return [self._offer(tx, row) for row in rows]

    def licence(self, actor: Actor, licence_id: str) -> LicenceOffer:
        """One of the actor's licences; NotFound otherwise."""
        permit(actor, Permission.SEE_OWN_FILE)
        with self._database.reading() as tx:
            return self._offer(tx, self._own_licence(tx, actor, licence_id))

    def licence_pdf(self, actor: Actor, licence_id: str) -> StoredLicence:
        """The signed file of the latest term. Raises NotFound, LicenceFileMissing."""
        permit(actor, Permission.SEE_OWN_FILE)
        with self._database.reading() as tx:
            row = self._own_licence(tx, actor, licence_id)
            file = file_of(tx, row.terms[-1])
            if file is None:
                raise LicenceFileMissing(number=row.number)
            return StoredLicence(file.blob_key, f"{row.number}-{row.terms[-1].number}.pdf", file.sha256)

    # Renewal

    def start_renewal(self, actor: Actor, licence_id: str) -> RenewalView:
        """A renewal of the actor's licence, or the one already open: asked twice, one application.

        Raises NotFound and the refusals of rules.why_not_renewable.
        """
        permit(actor, Permission.RENEW_LICENCE)
        with self._database.transaction() as tx:
            licence = self._own_licence(tx, actor, licence_id, lock=True)
            row = _open_application(tx, licence.id)
            if row is None:
                definition = self._renewal_of(licence)
                refusal = rules.why_not_renewable(definition, standing_of(tx, licence), self._today())
                if refusal is not None:
                    raise refusal
                row = self._casework.begin(tx, definition, licence)
            return self._view(tx, row)

    def renewal(self, actor: Actor, application_id: str) -> RenewalView:
        """The actor's own renewal, or anyone's for a reviewer or inspector; NotFound otherwise."""
        with self._database.reading() as tx:
            row = tx.get(Application, application_id)
            if row is None or not _may_see(actor, row):
                raise NotFound()
            return self._view(tx, row)

    def phone_for(self, application_id: str) -> str | None:
        """The phone (E.164) its holder gave for news of an application, for the jobs that send it."""
        with self._database.reading() as tx:
            row = tx.get(Application, application_id)
            return None if row is None else row.answers.get("phone")

    def confirm_renewal(
        self, actor: Actor, application_id: str, *, phone: str, unchanged: bool | None, change: str = ""
    ) -> RenewalView:
        """Record what the holder says of the details on file: a phone to reach them, and whether all is as it was.

        Raises FieldsInvalid over PhoneMalformed, ChoiceMissing, ChangeMissing and FieldTooLong; ActionNotAllowed once
        sent.
        """
        permit(actor, Permission.RENEW_LICENCE)
        number, change = phone_number(phone), change.strip()
        fields: dict[str, Refusal] = {}
        if unchanged is None:
            fields["unchanged"] = ChoiceMissing(field="unchanged")
        elif not unchanged and not change:
            fields["change"] = ChangeMissing(field="change")
        elif not unchanged and len(change) > CHANGE_LIMIT:
            fields["change"] = FieldTooLong(field="change", limit=CHANGE_LIMIT)
        if number is None:
            fields["phone"] = PhoneMalformed(field="phone")
        if fields:
            raise FieldsInvalid(fields)
        with self._database.transaction() as tx:
            row = self._own_application(tx, actor, application_id)
            if row.state != "draft":
                raise ActionNotAllowed(action="confirm", state=row.state)
            row.answers = {
                "phone": number,
                "changed": not unchanged,
                "change": "" if unchanged else change,
            }
            return self._view(tx, row)

    def submit(self, actor: Actor, application_id: str) -> RenewalView:
        """Send a confirmed renewal in. What needs nobody's eye is approved at once and its fee demanded.

        Sent twice, it is sent once. Raises NotConfirmed and the refusals of rules.why_not_renewable.
        """
        permit(actor, Permission.RENEW_LICENCE)
        with self._database.transaction() as tx:
            row = self._own_application(tx, actor, application_id)
            if row.state == "draft":
                if not row.answers:
                    raise NotConfirmed()
                definition = self._definition(row)
                refusal = rules.why_not_renewable(definition, standing_of(tx, row.licence), self._today())
                if refusal is not None:
                    raise refusal
                self._casework.take(tx, definition, row, "submit", actor, {"citizen"})
            return self._view(tx, row)

    def pay(self, actor: Actor, application_id: str, language: str) -> Checkout:
        """Where the holder pays the fee. Raises ActionNotAllowed while nothing is owed, and as Payments does."""
        permit(actor, Permission.PAY)
        with self._database.reading() as tx:
            row = tx.get(Application, application_id)
            if row is None or row.party != actor.id:
                raise NotFound()
            demand = self._payments.demand_for(tx, subject_of(row.id))
            if demand is None:
                raise ActionNotAllowed(action="pay", state=row.state)
        return self._payments.start_payment(actor, demand.id, language)

    def withdraw(self, actor: Actor, application_id: str) -> RenewalView:
        """Take a renewal back before it is paid. Raises ActionNotAllowed, PaymentUnderWay."""
        permit(actor, Permission.RENEW_LICENCE)
        with self._database.transaction() as tx:
            row = self._own_application(tx, actor, application_id)
            if row.state != "withdrawn":
                self._casework.take(tx, self._definition(row), row, "withdraw", actor, {"citizen"})
            return self._view(tx, row)

    def decide(self, actor: Actor, application_id: str, action: str, note: str) -> RenewalView:
        """A reviewer's or inspector's step on an application. Raises NotFound, ActionNotAllowed."""
        if action not in _STAFF_ACTIONS:
            raise ActionNotAllowed(action=action)
        permit(actor, _STAFF_ACTIONS[action])
        with self._database.transaction() as tx:
            row = locked(tx, application_id)
            if row is None:
                raise NotFound()
            self._casework.take(tx, self._definition(row), row, action, actor, actor.roles, note.strip())
            return self._view(tx, row)

    # The payment system's part

    def paid(self, actor: Actor, application_id: str) -> None:
        """Move an application on when its demand is paid, as the books say; again changes nothing."""
        permit(actor, Permission.SETTLE_PAYMENT)
        with self._database.transaction() as tx:
            row = locked(tx, application_id)
            if row is None:
                raise NotFound()
            if row.state not in ("paid", "issued"):
                self._casework.take(tx, self._definition(row), row, "pay", actor, actor.roles)

    def issue(self, actor: Actor, application_id: str) -> None:
        """Sign and grant the licence of a paid application; see Issuing.issue."""
        self._issuing.issue(actor, application_id)

    # The public's part

    def track(self, number: str) -> TrackView:
        """Where the application of that number stands, without anything personal. Raises ApplicationUnknown."""
        wanted = rules.read_application_number(number)
        with self._database.reading() as tx:
            row = tx.scalar(select(Application).where(Application.number == wanted))
            if row is None:
                raise ApplicationUnknown(field="number")
            return track_view(row, self._definition(row))

    def price(self, licence_service: str) -> tuple[ServiceDefinition, Money]:
        """The service that renews such licences, and what it costs when nobody is late."""
        definition = self._catalogue.renewal_of(licence_service)
        charges = rules.fees(definition, date.max, date.min)
        return definition, total([charge.amount for charge in charges], definition.currency)

    # Inside

    def _today(self) -> date:
        return self._municipality.local_day(self._clock.now())

    def _definition(self, row: Application) -> ServiceDefinition:
        return self._catalogue.pinned(row.service_code, row.service_version)

    def _renewal_of(self, licence: Licence) -> ServiceDefinition:
        try:
            return self._catalogue.renewal_of(licence.service)
        except KeyError:
            raise RenewalNotOffered() from None

    def _own_licence(self, tx: Session, actor: Actor, licence_id: str, lock: bool = False) -> Licence:
        wanted = select(Licence).where(Licence.id == licence_id, Licence.holder == actor.id)
        row = tx.scalar(wanted.with_for_update(of=Licence) if lock else wanted)
        if row is None:
            raise NotFound()
        return row

    def _own_application(self, tx: Session, actor: Actor, application_id: str) -> Application:
        row = locked(tx, application_id)
        if row is None or row.party != actor.id:
            raise NotFound()
        return row

    def _offer(self, tx: Session, row: Licence) -> LicenceOffer:
        today = self._today()
        view = licence_view(tx, self._parcels, row, today)
        application = _open_application(tx, row.id)
        amount = None
        try:
            definition = self._renewal_of(row)
            refusal = rules.why_not_renewable(definition, standing_of(tx, row), today)
            charges = rules.fees(definition, row.terms[-1].ends_on, today)
            amount = total([charge.amount for charge in charges], definition.currency)
        except RenewalNotOffered as not_offered:
            refusal = not_offered
        return LicenceOffer(
            licence=view,
            refusal=None if application else refusal,
            application=application.id if application else "",
            application_state=application.state if application else "",
            amount=amount,
        )

    def _view(self, tx: Session, row: Application) -> RenewalView:
        definition = self._definition(row)
        demand = self._payments.demand_for(tx, subject_of(row.id))
        late = self._casework.late_days(row)
        held = self._casework.held(tx, definition, row)
        licence = licence_view(tx, self._parcels, row.licence, self._today())
        charges = (
            demand.charges
            if demand
            else tuple(
                rules.fees(
                    definition,
                    row.licence.terms[-1].ends_on,
                    self._municipality.local_day(row.submitted_at or self._clock.now()),
                )
            )
        )
        instant = {"no-inspection-needed", "nothing-changed", "recently-valid"} <= held
        phone = "" if row.answers else self._identity.party(row.party).phone
        return renewal_view(row, definition, licence, phone, charges, demand, late, instant)


def _open_application(tx: Session, licence_id: str) -> Application | None:
    return tx.scalar(select(Application).where(Application.licence_id == licence_id, Application.open))


def _may_see(actor: Actor, row: Application) -> bool:
    if actor.kind == "citizen":
        return row.party == actor.id
    return may(actor, Permission.REVIEW_APPLICATION) or may(actor, Permission.INSPECT)
