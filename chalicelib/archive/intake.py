"""Intake: bytes become a filed document, once, and wait to be read."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chalicelib.archive.errors import UploadIncomplete, UploadUnknown
from chalicelib.archive.events import DocumentFiled
from chalicelib.archive.models import Document, Upload
from chalicelib.archive.rules import SIZE_LIMIT, Filing, check_filing, check_size
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.permissions import Permission, permit
from chalicelib.kernel.actor import Actor
from chalicelib.kernel.errors import FieldsInvalid, Refusal
from chalicelib.kernel.ids import new_id
from chalicelib.parcels.service import Parcels
from chalicelib.ports.blobs import BlobMissing, Blobs, Stored, UploadTarget
from chalicelib.ports.clock import Clock

# In the order in which they are asked for.
_FIELDS = ("kind", "parcel", "year", "title", "owner")


@dataclass(frozen=True)
class Filed:
    """A document on file; `is_new` when this filing put it there, else the same bytes were there before."""

    document: Document
    is_new: bool


class Intake:
    """Takes in files from browsers (announced, then sent straight to the blobs) and from folders."""

    def __init__(
        self, *, database: Database, blobs: Blobs, outbox: Outbox, clock: Clock, parcels: Parcels
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._outbox = outbox
        self._clock = clock
        self._parcels = parcels

    def check(
        self,
        *,
        kind: str,
        title: str = "",
        owner: str = "",
        year: str = "",
        parcel: str = "",
        confidential: bool = False,
    ) -> Filing:
        """The filing a clerk typed; FieldsInvalid with every field at fault, the parcel among them."""
        wrong: dict[str, Refusal] = {}
        number = None
        if parcel.strip():
            try:
                number = self._parcels.find(parcel).number
            except Refusal as refusal:
                wrong["parcel"] = refusal
        today = self._clock.now().date()
        try:
            filing = check_filing(
                kind=kind,
                title=title,
                owner=owner,
                year=year,
                parcel=number,
                confidential=confidential,
                today=today,
            )
        except FieldsInvalid as invalid:
            wrong |= invalid.fields
            raise FieldsInvalid({name: wrong[name] for name in _FIELDS if name in wrong}) from None
        if wrong:
            raise FieldsInvalid(wrong)
        return filing

    def open_upload(self, actor: Actor, filename: str, size: int, filing: Filing) -> tuple[str, UploadTarget]:
        """Announce a file; where to send its bytes. Nothing is filed until `complete_upload`."""
        permit(actor, Permission.UPLOAD_DOCUMENT)
        check_size(size)
        upload = Upload(
            id=new_id(),
            staff_id=actor.id,
            filename=_base_name(filename),
            size=size,
            filing=vars(filing).copy(),
            opened_at=self._clock.now(),
        )
        with self._database.transaction() as tx:
            tx.add(upload)
        return upload.id, self._blobs.upload_target(_incoming(upload.id), min(size, SIZE_LIMIT))

    def complete_upload(self, actor: Actor, upload_id: str) -> Filed:
        """File what was sent. Again, or after a crash, it is the same document."""
        permit(actor, Permission.UPLOAD_DOCUMENT)
        with self._database.reading() as tx:
            upload = tx.get(Upload, upload_id)
        if upload is None or upload.staff_id != actor.id:
            raise UploadUnknown()
        return self._complete(actor, upload)

    def complete_arrived(self, upload_id: str) -> Filed:
        """As `complete_upload`, for the one who announced it: the store itself says that the bytes have come."""
        with self._database.reading() as tx:
            upload = tx.get(Upload, upload_id)
        if upload is None:
            raise UploadUnknown()
        return self._complete(Actor("staff", upload.staff_id), upload)

    def _complete(self, actor: Actor, upload: Upload) -> Filed:
        key = _incoming(upload.id)
        if upload.document_id:
            self._blobs.delete(key)  # whoever filed it may have been killed before this
            return self._filed_by(upload, upload.document_id)
        # Copied to its content key before the row is written, and forgotten only after: a crash
        # between leaves bytes that the same call finds again, never a row without bytes.
        try:
            stored = self._received(key, upload.size)
        except UploadIncomplete:
            with self._database.reading() as tx:  # perhaps the same call, at the same time, was quicker
                filed = tx.get_one(Upload, upload.id).document_id
            if filed is None:
                raise
            return self._filed_by(upload, filed)
        document, is_new = self._file(actor, stored, upload.filename, Filing(**upload.filing), upload.id)
        self._blobs.delete(key)
        return Filed(self._filed(document), is_new)

    def file(self, actor: Actor, path: Path, filing: Filing, filename: str | None = None) -> Filed:
        """File a file of this machine."""
        permit(actor, Permission.UPLOAD_DOCUMENT)
        check_size(path.stat().st_size)
        stored = self._blobs.put(path)
        name = _base_name(filename or path.name)
        document, is_new = self._file(actor, stored, name, filing, None)
        return Filed(self._filed(document), is_new)

    def _received(self, key: str, size: int) -> Stored:
        try:
            if self._blobs.size(key) != size:
                raise UploadIncomplete(field="file")
            return self._blobs.copy_to_content(key)
        except (BlobMissing, FileNotFoundError):
            raise UploadIncomplete(field="file") from None

    def _filed(self, document_id: str) -> Document:
        with self._database.reading() as tx:
            return tx.get_one(Document, document_id)

    def _filed_by(self, upload: Upload, document_id: str) -> Filed:
        document = self._filed(document_id)
        return Filed(document, _is_of(document, upload))

    def _file(
        self, actor: Actor, stored: Stored, filename: str, filing: Filing, upload_id: str | None
    ) -> tuple[str, bool]:
        try:
            return self._file_once(actor, stored, filename, filing, upload_id)
        except IntegrityError:
            # On PostgreSQL the same was filed between our look and our writing; a second look finds it.
            return self._file_once(actor, stored, filename, filing, upload_id)

    def _file_once(
        self, actor: Actor, stored: Stored, filename: str, filing: Filing, upload_id: str | None
    ) -> tuple[str, bool]:
        """Its id, and whether it is new.

        The same bytes for the same parcel are one document, whatever else is typed; but a confidential one is another.
        """
        same = (
            select(Document.id)
            .where(
                Document.sha256 == stored.sha256,
                Document.parcel == filing.parcel,
                Document.confidential == filing.confidential,
            )
            .order_by(Document.id)
            .limit(1)
        )
        with self._database.transaction() as tx:
            upload = tx.get_one(Upload, upload_id) if upload_id else None
            if upload and upload.document_id:  # the same call, at the same time, was quicker
                return upload.document_id, _is_of(tx.get_one(Document, upload.document_id), upload)
            on_file = tx.scalar(same)
            document = on_file or self._insert(tx, actor, stored, filename, filing)
            if upload:
                upload.document_id = document
        return document, on_file is None

    def _insert(self, tx: Session, actor: Actor, stored: Stored, filename: str, filing: Filing) -> str:
        same_bytes = (
            select(Document.id).where(Document.sha256 == stored.sha256).order_by(Document.id).limit(1)
        )
        document = Document(
            id=new_id(),
            filing_key=_filing_key(stored, filing),
            sha256=stored.sha256,
            size=stored.size,
            filename=filename[:255],
            **vars(filing),
            duplicate_of=tx.scalar(same_bytes),
            filed_by=actor.id,
            filed_at=self._clock.now(),
        )
        tx.add(document)
        self._outbox.publish(tx, actor, DocumentFiled(document.id, stored.sha256, filing.parcel))
        return document.id


def _is_of(document: Document, upload: Upload) -> bool:
    """Whether an upload made its document, where that is all that is known by now."""
    return document.filed_at >= upload.opened_at


def _filing_key(stored: Stored, filing: Filing) -> str:
    return f"{filing.parcel or ''}:{stored.sha256}:{'confidential' if filing.confidential else 'open'}"


def _incoming(upload_id: str) -> str:
    return f"incoming/{upload_id}"


def _base_name(filename: str) -> str:
    """The last part of a name as some machine gave it, without folders of either kind of system."""
    return Path(filename.replace("\\", "/").replace("\x00", "")).name[:255] or "file"
