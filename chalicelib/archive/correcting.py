"""Correcting: what a clerk chose or typed wrongly when a document was filed is put right."""

from chalicelib.archive.errors import FilingChanged
from chalicelib.archive.events import FilingCorrected
from chalicelib.archive.models import Document
from chalicelib.archive.rules import CORRECTABLE, Filing, check_filing, filing_etag
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.kernel.actor import Actor
from chalicelib.ports.clock import Clock


class Correcting:
    """Corrects filings, each as one who has seen it wants it."""

    def __init__(self, *, database: Database, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock

    def correct(
        self, actor: Actor, document: Document, etag: str, *, kind: str, title: str, owner: str, year: str
    ) -> bool:
        """File a document that `actor` may read as this; whether that changed anything.

        `etag` is that of the filing as the actor saw it. FieldsInvalid with every field at fault; FilingChanged,
        and nothing is changed, when it is filed as something else by now.
        """
        wanted = check_filing(
            kind=kind,
            title=title,
            owner=owner,
            year=year,
            parcel=document.parcel,
            confidential=document.confidential,
            today=self._clock.now().date(),
        )
        with self._database.transaction() as tx:
            row = tx.get_one(Document, document.id, with_for_update=True)
            stands = filing_of(row)
            if stands == wanted:  # so it is already, or the same was sent twice
                return False
            if filing_etag(stands) != etag:
                raise FilingChanged()
            changed = [name for name in CORRECTABLE if getattr(stands, name) != getattr(wanted, name)]
            for name in changed:
                setattr(row, name, getattr(wanted, name))
            self._outbox.publish(
                tx,
                actor,
                FilingCorrected(
                    row.id,
                    before={name: getattr(stands, name) for name in changed},
                    after={name: getattr(wanted, name) for name in changed},
                    version=row.version,
                    first=1,
                    last=row.pages_read,
                ),
            )
        return True


def filing_of(document: Document) -> Filing:
    """As what and where a document is filed."""
    return Filing(
        document.kind, document.title, document.owner, document.parcel, document.year, document.confidential
    )
