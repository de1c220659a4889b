"""Which adapter a URL of the settings means. Each is imported only where it is named: the embedded home
does without boto3, and a function in AWS without tantivy.

Every function raises StoreUnknown for a URL that it has no adapter for, with the name of its setting.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from chalicelib.adapters.embedded.secret_file import given_secret, secret_from
from chalicelib.database.engine import Database
from chalicelib.ports.bell import Bell
from chalicelib.ports.blobs import Blobs
from chalicelib.ports.clock import Clock
from chalicelib.ports.keys import Keys
from chalicelib.ports.links import Links
from chalicelib.ports.messages import Messages
from chalicelib.ports.ocr import Ocr
from chalicelib.ports.outside_reader import OutsideReader
from chalicelib.ports.search import Search
from chalicelib.ports.staff_directory import StaffDirectory
from chalicelib.ports.stores import StoreUnknown
from chalicelib.setting_values import UNUSABLE, PlaceUnusable, forms_of, masked

# Seconds for a picture's way through S3, a function and a model, and through the first of its second tries.
_MODEL_PATIENCE = 180.0
# Options of a database's URL that are for us, not for its driver.
_OURS = ("iam", "secret", "pool", "region", "endpoint")
_LAST_PORT = 65535


@contextmanager
def _standing_in(setting: str) -> Iterator[None]:
    """Has a refusal name the setting that a URL stands in, what is there, and what may be."""
    try:
        yield
    except StoreUnknown as refusal:
        found = masked(setting, refusal.data["url"])
        refusal.data |= {"setting": setting, "found": found, "wanted": forms_of(setting)}
        raise
    except OSError as error:
        if error.errno not in UNUSABLE:
            raise
        raise PlaceUnusable(setting=setting, found=str(error.filename), reason=error.strerror) from error


@_standing_in("DIWAN_DATABASE")
def database_at(url: str) -> Database:
    """`sqlite:///FILE` or `postgresql+psycopg://USER@HOST/NAME?…`; options of ours:

    iam     any value: sign in by a token of AWS's identity management, made for each connection
    secret  the name of the secret in Secrets Manager that holds the password, read for each connection
    pool    connections that are kept open (10); 1 in a function, which does one thing at a time
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # of a port that is no number
        raise StoreUnknown(url=url) from None
    if address.drivername not in ("sqlite", "postgresql+psycopg") or (address.port or 0) > _LAST_PORT:
        raise StoreUnknown(url=url)
    told = {name: str(address.query[name]) for name in _OURS if name in address.query}
    plain = address.difference_update_query(_OURS)
    connections = told.pop("pool", "10")
    if not connections.isdecimal() or not int(connections):
        raise StoreUnknown(url=address.render_as_string())  # without its password
    pool = int(connections)
    if not {"iam", "secret"} & told.keys():
        return Database(plain, pool=pool)
    from chalicelib.adapters.aws.database_password import password_of

    if "sslmode" not in plain.query:
        plain = plain.update_query_dict({"sslmode": "require"})
    return Database(plain, pool=pool, password=password_of(plain, told))


@_standing_in("DIWAN_SECRET")
def secret_at(url: str) -> bytes:
    """The secret of our own links and forms: `file:///FILE` or `secretsmanager://NAME`."""
    match _scheme(url):
        case "file":
            return secret_from(_path(url))
        case "secretsmanager":
            from chalicelib.adapters.aws.secrets_manager import secret_bytes

            return secret_bytes(url)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_STAFF_DIRECTORY")
def given_secret_at(url: str) -> str:
    """A secret that others gave us, as it is now: `file:///FILE` or `secretsmanager://NAME`. Raises SecretMissing."""
    match _scheme(url):
        case "file":
            return given_secret(_path(url))
        case "secretsmanager":
            from chalicelib.adapters.aws.secrets_manager import secret_text

            return secret_text(url)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_STAFF_DIRECTORY")
def staff_directory_at(url: str, home: str, clock: Clock) -> StaffDirectory:
    """`oidc+https://ISSUER?client=ID&secret=URL`, `oidc+http://…` inside a network of one's own.

    `home` is the address of the page that people come back to.
    """
    match _scheme(url):
        case "oidc+https" | "oidc+http":
            from chalicelib.adapters.oidc_directory import OidcDirectory

            return OidcDirectory(url, home, given_secret_at, clock)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_BLOBS")
def blobs_at(url: str, links: Links, clock: Clock) -> Blobs:
    """`file:///FOLDER` or `s3://BUCKET/PREFIX`."""
    match _scheme(url):
        case "file":
            from chalicelib.adapters.embedded.folder_blobs import FolderBlobs

            return FolderBlobs(_folder(url), links)
        case "s3":
            from chalicelib.adapters.aws.s3_blobs import S3Blobs

            return S3Blobs(url, clock)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_SEARCH")
def search_at(url: str, writer: bool) -> Search:
    """`tantivy:///FOLDER` or `opensearch+https://HOST/ALIAS`, `opensearch+http://…` inside a network of one's own."""
    match _scheme(url):
        case "tantivy":
            from chalicelib.adapters.embedded.tantivy_search import TantivySearch

            return TantivySearch(_folder(url), writer=writer)
        case "opensearch+https" | "opensearch+http":
            from chalicelib.adapters.aws.opensearch_search import OpenSearchSearch

            return OpenSearchSearch(url, writer=writer)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_JOBS")
def bell_at(url: str, lanes: Sequence[str], lane_of: Callable[[str], str]) -> Bell | None:
    """`database:`, where workers look for jobs themselves and none is needed, or `sqs://PREFIX`."""
    match _scheme(url):
        case "database":
            return None
        case "sqs":
            from chalicelib.adapters.aws.sqs_bell import SqsBell

            return SqsBell(url, lanes, lane_of)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_KEYS")
def keys_at(url: str, clock: Clock, organisation: str, blobs: Blobs) -> Keys:
    """`file:///FOLDER` or `awskms:///PREFIX`, whose certificates are kept among the blobs."""
    match _scheme(url):
        case "file":
            from chalicelib.adapters.embedded.key_file import KeyFile

            return KeyFile(_folder(url), clock, organisation)
        case "awskms":
            from chalicelib.adapters.aws.kms_keys import KmsKeys

            return KmsKeys(url, clock, organisation, blobs)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_MESSAGES")
def messages_at(url: str, sender: str) -> Messages:
    """`outbox:///FOLDER` or `aws:`; `sender` is the address that e-mails come from."""
    match _scheme(url):
        case "outbox":
            from chalicelib.adapters.embedded.outbox_folder import OutboxFolder

            return OutboxFolder(_folder(url), sender)
        case "aws":
            from chalicelib.adapters.aws.aws_messages import AwsMessages

            return AwsMessages(url, sender)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_OCR")
def ocr_at(url: str, blobs: Blobs, tessdata: Path, number_formats: Path | None) -> Ocr:
    """`subprocess:` or `lambda://FUNCTION`, which needs blobs in S3 to be handed files by."""
    match _scheme(url):
        case "subprocess":
            from chalicelib.adapters.embedded.subprocess_ocr import SubprocessOcr, reader_command

            return SubprocessOcr(reader_command(tessdata, number_formats=number_formats))
        case "lambda":
            from chalicelib.adapters.aws.lambda_ocr import LambdaOcr
            from chalicelib.adapters.aws.s3_blobs import S3Blobs

            if isinstance(blobs, S3Blobs):
                return LambdaOcr(url, blobs)
    raise StoreUnknown(url=url)


@_standing_in("DIWAN_OUTSIDE_READER")
def outside_reader_at(url: str, below: float) -> OutsideReader:
    """`https://DESK`, which hands out jobs, or `bedrock://MODEL-ID?bucket=NAME`, whose jobs we sign ourselves.

    Asked only about pages read with less than `below` (0 to 100).
    """
    from chalicelib.adapters.embedded.outside_pages import OutsidePages, from_desk

    match _scheme(url):
        case "https" | "http":
            return OutsidePages(partial(from_desk, url), below)
        case "bedrock":
            from chalicelib.adapters.aws.bedrock_jobs import BedrockJobs

            return OutsidePages(BedrockJobs(url), below, patience=_MODEL_PATIENCE)
    raise StoreUnknown(url=url)


def _scheme(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port  # looked at by few adapters, and by those late
    except ValueError:  # brackets that do not close, a port that is none
        raise StoreUnknown(url=url) from None
    return parts.scheme


def _path(url: str) -> Path:
    parts = urlsplit(url)
    return Path(parts.netloc + parts.path)


def _folder(url: str) -> Path:
    """Looked at first: who only reads may not notice, and find nothing for ever."""
    folder = _path(url)
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return folder
