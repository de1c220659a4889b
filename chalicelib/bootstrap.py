"""The composition root: settings become adapters, adapters services. Nothing else builds an adapter."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.folder_blobs import FolderBlobs
from chalicelib.adapters.embedded.key_file import KeyFile
from chalicelib.adapters.embedded.outbox_folder import OutboxFolder
from chalicelib.adapters.embedded.sandbox_gateway import SandboxGateway
from chalicelib.adapters.embedded.secret_file import secret_from
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr, reader_command
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.adapters.embedded.tantivy_search import TantivySearch
from chalicelib.archive.finding import Finding
from chalicelib.archive.intake import Intake
from chalicelib.archive.reading import Reading
from chalicelib.archive.service import Archive
from chalicelib.audit.service import Audit
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.service import Identity
from chalicelib.jobs.registry import subscriptions
from chalicelib.kernel.errors import Refusal
from chalicelib.licensing.service import Licensing
from chalicelib.notifications.service import Notifications
from chalicelib.parcels.municipality import Municipality, read_municipality
from chalicelib.parcels.service import Parcels
from chalicelib.payments.service import Payments
from chalicelib.ports.clock import Clock
from chalicelib.ports.outside_reader import OutsideReader
from chalicelib.settings import Settings
from chalicelib.signing.service import Signing
from chalicelib.web.rendering import Pages
from chalicelib.web.security import security_headers


class StoreUnknown(Refusal):
    """A setting names a store that this installation has no adapter for."""

    code = "store-unknown"
    kind = "unavailable"


@dataclass(frozen=True)
class Diwan:
    """Everything a handler, job or command may need, built once a process."""

    settings: Settings
    municipality: Municipality
    clock: Clock
    secret: bytes
    database: Database
    blobs: FolderBlobs
    links: SignedLinks
    search: TantivySearch
    jobs: DatabaseJobs
    ocr: SubprocessOcr
    gateway: SandboxGateway
    outbox: Outbox
    identity: Identity
    notifications: Notifications
    audit: Audit
    parcels: Parcels
    archive: Archive
    payments: Payments
    signing: Signing
    licensing: Licensing
    pages: Pages

    @cached_property
    def security_headers(self) -> dict[str, str]:
        """Headers every page and API answer carries."""
        return security_headers(self.settings)

    def close(self) -> None:
        """Let go of processes and files; nothing acknowledged depends on it."""
        self.ocr.close()
        self.search.close()
        self.database.close()


def build(settings: Settings, *, index_writer: bool = False, clock: Clock | None = None) -> Diwan:
    """All services over the adapters that `settings` names.

    One process at a time may be the `index_writer`; in the embedded home it is the worker.
    Raises StoreUnknown for a URL whose scheme no adapter here understands.
    """
    clock = clock or SystemClock()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    municipality = read_municipality(settings.municipality)
    secret = secret_from(settings.data / "secret" / "web")
    links = SignedLinks(secret, clock)
    database = Database(settings.database_url)
    blobs = FolderBlobs(_folder(settings.blobs_url, "file"), links)
    search = TantivySearch(_folder(settings.search_url, "tantivy"), writer=index_writer)
    jobs = DatabaseJobs(database, clock)
    outbox = Outbox(jobs, clock, subscriptions())
    ocr = SubprocessOcr(reader_command(settings.tessdata, number_formats=settings.number_formats))
    gateway = SandboxGateway(database, clock, settings.base_url)
    keys = KeyFile(_folder(settings.keys_url, "file"), clock, municipality.name_en)
    audit = Audit(database, outbox)
    messages = OutboxFolder(_folder(settings.messages_url, "outbox"), municipality.office_email)
    notifications = Notifications(database, jobs, clock, messages, settings.assets / "templates" / "messages")
    identity = Identity(database, outbox, notifications, clock)
    parcels = Parcels(database)
    finding = Finding(database=database, blobs=blobs, search=search)
    archive = Archive(
        database=database,
        outbox=outbox,
        blobs=blobs,
        audit=audit,
        intake=Intake(database=database, blobs=blobs, outbox=outbox, clock=clock, parcels=parcels),
        reading=Reading(
            database=database,
            blobs=blobs,
            outbox=outbox,
            clock=clock,
            ocr=ocr,
            outside=_outside_reader(settings, municipality),
        ),
        finding=finding,
    )
    payments = Payments(
        database=database,
        outbox=outbox,
        clock=clock,
        gateway=gateway,
        base_url=settings.base_url,
        office=municipality.code,
        timezone=municipality.timezone,
    )
    fonts = settings.assets / "node_modules" / "@expo-google-fonts" / "ibm-plex-sans-arabic"
    signing = Signing(keys, fonts, settings.base_url, clock, ZoneInfo(municipality.timezone))
    licensing = Licensing(
        database=database,
        outbox=outbox,
        jobs=jobs,
        clock=clock,
        payments=payments,
        signing=signing,
        blobs=blobs,
        identity=identity,
        parcels=parcels,
        municipality=municipality,
    )
    return Diwan(
        settings=settings,
        municipality=municipality,
        clock=clock,
        secret=secret,
        database=database,
        blobs=blobs,
        links=links,
        search=search,
        jobs=jobs,
        ocr=ocr,
        gateway=gateway,
        outbox=outbox,
        identity=identity,
        notifications=notifications,
        audit=audit,
        parcels=parcels,
        archive=archive,
        payments=payments,
        signing=signing,
        licensing=licensing,
        pages=Pages(settings.assets, municipality),
    )


def _outside_reader(settings: Settings, municipality: Municipality) -> OutsideReader | None:
    """Reading by others: only where there is a service, and the municipality allows it."""
    below = municipality.outside_reading_below
    if not settings.outside_reader or below is None:
        return None
    # Seldom wanted, and it loads libraries for pictures.
    from chalicelib.adapters.embedded.outside_pages import OutsidePages

    return OutsidePages(settings.outside_reader, below)


def _folder(url: str, scheme: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != scheme:
        raise StoreUnknown(url=url)
    return Path(parts.netloc + parts.path)
