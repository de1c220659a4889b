"""The composition root: settings become adapters, adapters services. Nothing else builds an adapter."""

from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from chalicelib.adapters import by_url
from chalicelib.adapters.embedded.database_jobs import DatabaseJobs
from chalicelib.adapters.embedded.sandbox_gateway import SandboxGateway
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.archive.correcting import Correcting
from chalicelib.archive.finding import Finding
from chalicelib.archive.intake import Intake
from chalicelib.archive.reading import Reading
from chalicelib.archive.searchable import Searchable
from chalicelib.archive.service import Archive
from chalicelib.audit.service import Audit
from chalicelib.database.engine import Database
from chalicelib.database.outbox import Outbox
from chalicelib.identity.directory import DirectorySignIn
from chalicelib.identity.errors import NoDoorForStaff
from chalicelib.identity.service import Identity
from chalicelib.jobs.lanes import ARRIVALS, LANES, lane_of
from chalicelib.jobs.registry import subscriptions
from chalicelib.kernel.ids import new_id
from chalicelib.licensing.service import Licensing
from chalicelib.notifications.service import Notifications
from chalicelib.parcels.municipality import Municipality, read_municipality
from chalicelib.parcels.service import Parcels
from chalicelib.payments.service import Payments
from chalicelib.ports.bell import Bell
from chalicelib.ports.blobs import Blobs
from chalicelib.ports.clock import Clock
from chalicelib.ports.gateway import Gateway
from chalicelib.ports.jobs import Jobs
from chalicelib.ports.keys import Keys
from chalicelib.ports.links import Links
from chalicelib.ports.ocr import Ocr
from chalicelib.ports.outside_reader import OutsideReader
from chalicelib.ports.search import Search
from chalicelib.settings import Settings
from chalicelib.signing.service import Signing
from chalicelib.stores.readiness import Readiness
from chalicelib.stores.service import StoreProbes, ticket
from chalicelib.web.rendering import Pages
from chalicelib.web.security import security_headers


@dataclass(frozen=True)
class Diwan:
    """Everything a handler, job or command may need, built once a process."""

    settings: Settings
    municipality: Municipality
    clock: Clock
    secret: bytes
    database: Database
    blobs: Blobs
    links: Links
    search: Search
    jobs: Jobs
    bell: Bell | None
    ocr: Ocr
    gateway: Gateway
    keys: Keys
    outbox: Outbox
    identity: Identity
    directory: DirectorySignIn | None
    notifications: Notifications
    audit: Audit
    parcels: Parcels
    archive: Archive
    payments: Payments
    signing: Signing
    licensing: Licensing
    stores: StoreProbes
    pages: Pages

    @cached_property
    def security_headers(self) -> dict[str, str]:
        """Headers every page and API answer carries."""
        return security_headers(self.settings, self.blobs.origin)

    @cached_property
    def readiness(self) -> Readiness:
        """Whether people can be served from here."""
        return Readiness(self.database, self.blobs, self.search)

    def close(self) -> None:
        """Let go of processes and files; nothing acknowledged depends on it."""
        self.ocr.close()
        self.search.close()
        self.database.close()


def build(settings: Settings, *, index_writer: bool = False, clock: Clock | None = None) -> Diwan:
    """All services over the adapters that `settings` names.

    One process at a time may be the `index_writer`; in the embedded home it is the worker.
    Raises StoreUnknown for a URL that no adapter here understands, NoDoorForStaff, MunicipalityUnreadable.
    """
    clock = clock or SystemClock()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    municipality = read_municipality(settings.municipality)
    secret = by_url.secret_at(settings.secret_url)
    links = SignedLinks(secret, clock)
    database = open_database(settings)
    blobs = by_url.blobs_at(settings.blobs_url, links, clock)
    # Where any number may write an index, who may is a matter of rights there.
    search = by_url.search_at(settings.search_url, writer=index_writer or not settings.one_worker)
    bell = by_url.bell_at(settings.jobs_url, (*LANES, ARRIVALS), lane_of)
    jobs = DatabaseJobs(database, clock, bell)
    outbox = Outbox(jobs, clock, subscriptions())
    ocr = by_url.ocr_at(settings.ocr_url, blobs, settings.tessdata, settings.number_formats)
    gateway = SandboxGateway(database, clock, settings.base_url)
    keys = by_url.keys_at(settings.keys_url, clock, municipality.name_en, blobs)
    audit = Audit(database, outbox)
    messages = by_url.messages_at(settings.messages_url, municipality.office_email)
    notifications = Notifications(database, jobs, clock, messages, settings.assets / "templates" / "messages")
    directory = _directory(settings, database, outbox, links, clock)
    identity = Identity(database, outbox, notifications, clock, own_accounts=settings.staff_accounts)
    parcels = Parcels(database)
    finding = Finding(database=database, blobs=blobs, search=search)
    archive = Archive(
        database=database,
        outbox=outbox,
        blobs=blobs,
        audit=audit,
        intake=Intake(database=database, blobs=blobs, outbox=outbox, clock=clock, parcels=parcels),
        correcting=Correcting(database=database, outbox=outbox, clock=clock),
        reading=Reading(
            database=database,
            blobs=blobs,
            outbox=outbox,
            jobs=jobs,
            clock=clock,
            ocr=ocr,
            outside=_outside_reader(settings, municipality),
        ),
        finding=finding,
        searchable=Searchable(database=database, blobs=blobs, outbox=outbox, jobs=jobs, ocr=ocr),
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
        bell=bell,
        ocr=ocr,
        gateway=gateway,
        keys=keys,
        outbox=outbox,
        identity=identity,
        directory=directory,
        notifications=notifications,
        audit=audit,
        parcels=parcels,
        archive=archive,
        payments=payments,
        signing=signing,
        licensing=licensing,
        stores=StoreProbes(
            database=database, jobs=jobs, clock=clock, blobs=blobs, search=search, keys=keys, links=links
        ),
        pages=Pages(settings.assets, municipality),
    )


def open_database(settings: Settings) -> Database:
    """The database alone, for what looks at nothing else."""
    return by_url.database_at(settings.database_url)


def probe_ticket(settings: Settings) -> str:
    """A ticket for a new probe of the stores, by our secret alone: it opens none of them."""
    links = SignedLinks(by_url.secret_at(settings.secret_url), SystemClock())
    return ticket(links, new_id())


def _directory(
    settings: Settings, database: Database, outbox: Outbox, links: Links, clock: Clock
) -> DirectorySignIn | None:
    """Signing in with the town's directory, where it has one. Raises NoDoorForStaff."""
    if not settings.staff_directory:
        if not settings.staff_accounts:
            raise NoDoorForStaff()
        return None
    home = f"{settings.base_url}/staff/sign-in"
    directory = by_url.staff_directory_at(settings.staff_directory, home, clock)
    return DirectorySignIn(database, outbox, links, clock, directory)


def _outside_reader(settings: Settings, municipality: Municipality) -> OutsideReader | None:
    """Reading by others: only where there is a service, and the municipality allows it."""
    below = municipality.outside_reading_below
    if not settings.outside_reader or below is None:
        return None
    return by_url.outside_reader_at(settings.outside_reader, below)
