"""From paid to issued: lay out and sign outside any transaction, then grant the term in one."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.permissions import Permission, permit
from chalicelib.identity.service import Identity
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.licensing import rules
from chalicelib.licensing.casework import Casework, locked, subject_of
from chalicelib.licensing.definition import ServiceDefinition
from chalicelib.licensing.events import LicenceIssued
from chalicelib.licensing.models import Application, Licence, LicenceEvent, LicenceFile, LicenceTerm
from chalicelib.licensing.services import Catalogue
from chalicelib.licensing.views import licence_view, terms_of
from chalicelib.parcels.municipality import Municipality
from chalicelib.parcels.service import Parcels
from chalicelib.payments.service import Payments
from chalicelib.ports.blobs import Blobs, Stored
from chalicelib.ports.clock import Clock
from chalicelib.signing.document import Bilingual, FeeLine, LicenceDocument
from chalicelib.signing.service import SignedLicence, Signing


class Issuing:
    """Issues the licence of a paid application, once, however often and wherever it is interrupted."""

    def __init__(
        self,
        *,
        database: Database,
        outbox: Outbox,
        clock: Clock,
        payments: Payments,
        signing: Signing,
        blobs: Blobs,
        identity: Identity,
        parcels: Parcels,
        municipality: Municipality,
        casework: Casework,
        catalogue: Catalogue,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._payments = payments
        self._signing = signing
        self._blobs = blobs
        self._identity = identity
        self._parcels = parcels
        self._municipality = municipality
        self._casework = casework
        self._catalogue = catalogue

    def issue(self, actor: Actor, application_id: str) -> None:
        """Sign, store, and grant the new term. Nothing happens for an application that is issued already.

        Raises ActionNotAllowed unless it is paid, and what Signing.issue_licence_pdf raises. A repeat after
        a crash signs anew; the file it was granted with is kept, and any other is removed.
        """
        permit(actor, Permission.ISSUE_LICENCE)
        with self._database.reading() as tx:
            row = tx.get(Application, application_id)
            if row is None:
                raise NotFound()
            if row.state == "issued":
                self._keep_only_the_granted(tx, application_id)
                return
            definition = self._catalogue.pinned(row.service_code, row.service_version)
            term = rules.next_term(terms_of(row.licence), self._today(), definition.term_days.value)
            document = self._document(tx, definition, row, term)
        signed = self._signing.issue_licence_pdf(document)
        stored = self._blobs.put(signed.pdf, f"{_folder(application_id)}{signed.sha256}.pdf")
        with self._database.transaction() as tx:
            self._grant(tx, actor, definition, application_id, term, signed, stored)
        with self._database.reading() as tx:
            self._keep_only_the_granted(tx, application_id)

    def _grant(
        self,
        tx: Session,
        actor: Actor,
        definition: ServiceDefinition,
        application_id: str,
        term: rules.Term,
        signed: SignedLicence,
        stored: Stored,
    ) -> None:
        row = locked(tx, application_id)
        if row is None or row.state == "issued":
            return
        licence = tx.scalars(
            select(Licence)
            .where(Licence.id == row.licence_id)
            .with_for_update(of=Licence)
            .execution_options(populate_existing=True)
        ).one()
        if term.number != licence.terms[-1].number + 1 or rules.overlapping([*terms_of(licence), term]):
            raise RuntimeError(f"term {term.number} of {licence.number} no longer follows the last one")
        now = self._clock.now()
        term_row = LicenceTerm(
            id=new_id(),
            licence_id=licence.id,
            number=term.number,
            kind="renewal",
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            application_id=row.id,
        )
        tx.add(term_row)
        tx.flush()
        tx.add(
            LicenceFile(
                id=new_id(),
                licence_id=licence.id,
                term_id=term_row.id,
                blob_key=stored.key,
                sha256=stored.sha256,
                token=signed.token,
                qr_url=signed.qr_url,
                created_at=now,
            )
        )
        tx.add(
            LicenceEvent(
                id=new_id(),
                licence_id=licence.id,
                kind="renewed",
                on=self._municipality.local_day(now),
                reason_ar="",
                reason_en="",
            )
        )
        self._casework.take(tx, definition, row, "issue", actor, actor.roles)
        self._outbox.publish(
            tx,
            actor,
            LicenceIssued(
                subject=row.id,
                party=row.party,
                number=licence.number,
                licence=licence.id,
                term=term.number,
                expires_on=term.ends_on.isoformat(),
                sha256=stored.sha256,
            ),
        )

    def _keep_only_the_granted(self, tx: Session, application_id: str) -> None:
        """Remove files that were signed for the application and never granted; only once one is."""
        granted = tx.scalars(
            select(LicenceFile.blob_key)
            .join(LicenceTerm, LicenceTerm.id == LicenceFile.term_id)
            .where(LicenceTerm.application_id == application_id)
        ).one()
        for key in list(self._blobs.keys(_folder(application_id))):
            if key != granted:
                self._blobs.delete(key)

    def _document(
        self, tx: Session, definition: ServiceDefinition, row: Application, term: rules.Term
    ) -> LicenceDocument:
        today = self._today()
        licence = row.licence
        seen = licence_view(tx, self._parcels, licence, today)
        holder = self._identity.party(row.party)
        demand = self._payments.demand_for(tx, subject_of(row.id))
        charges = demand.charges if demand else ()
        return LicenceDocument(
            kind=definition.layout,
            number=licence.number,
            term=term.number,
            municipality=Bilingual(self._municipality.name_ar, self._municipality.name_en),
            holder=Bilingual(holder.name_ar, holder.name_en),
            premises=Bilingual(seen.premises_ar, seen.premises_en),
            activity=Bilingual(seen.activity_ar, seen.activity_en),
            parcel=seen.parcel,
            address=Bilingual(seen.address_ar, seen.address_en),
            issued_on=today,
            # Renewed early, the new paper replaces the old one today: the licence is in force all along.
            valid_from=min(term.starts_on, today),
            expires_on=term.ends_on,
            fees=tuple(
                FeeLine(Bilingual(charge.label_ar, charge.label_en), charge.amount) for charge in charges
            ),
            receipt_number=demand.receipt_number if demand else "",
        )

    def _today(self) -> date:
        return self._municipality.local_day(self._clock.now())


def _folder(application_id: str) -> str:
    """Where the files signed for an application stand."""
    return f"licences/{application_id}/"
