"""Settings: the only reader of the environment."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from chalicelib.setting_values import checked_number, checked_url, checked_word

CHECKOUT = Path(__file__).resolve().parent.parent
# Ours, and no settings of a home: tests and infra/deploy.sh read them.
_NO_SETTINGS = ("DIWAN_INDEPENDENT_FILES", "DIWAN_REQUIRE", "DIWAN_REPLICA_REGION")


@dataclass(frozen=True)
class Settings:
    """Where everything lives. Each part is chosen by URL, so a town can move them one at a time.

    data          folder of the embedded home: database, blobs, index, keys, outbox of messages
    database_url  sqlite:///FILE or postgresql+psycopg://…        (DIWAN_DATABASE)
    secret_url    file:///FILE or secretsmanager://NAME            (DIWAN_SECRET)
    blobs_url     file:///FOLDER or s3://BUCKET/PREFIX             (DIWAN_BLOBS)
    search_url    tantivy:///FOLDER or opensearch+https://HOST/ALIAS  (DIWAN_SEARCH)
    jobs_url      database: or sqs://PREFIX, which wakes functions of AWS (DIWAN_JOBS); jobs stand in the database
    keys_url      file:///FOLDER or awskms:///PREFIX               (DIWAN_KEYS)
    messages_url  outbox:///FOLDER or aws:                         (DIWAN_MESSAGES)
    ocr_url       subprocess: or lambda://FUNCTION                 (DIWAN_OCR)
    gateway_url   sandbox: or the URL of a payment gateway         (DIWAN_GATEWAY)
    base_url      the address people reach us at, no final slash   (DIWAN_BASE_URL)
    host, port    what the embedded server listens on              (DIWAN_HOST, DIWAN_PORT)
    assets        the folder of templates, static files, node_modules, samples (DIWAN_ASSETS)
    municipality  the file that describes whose Diwan this is      (DIWAN_MUNICIPALITY); how its numbers look on paper
                  may be told beside it, in number-formats.json
    tessdata      folder of the second reader's language data      (DIWAN_TESSDATA)
    traces_url    the base URL of an OpenTelemetry collector, or nothing (OTEL_EXPORTER_OTLP_ENDPOINT)
    function      the name of the AWS function that we run as, or nothing (AWS_LAMBDA_FUNCTION_NAME, which AWS sets)
    proxies       how many servers of ours stand between people and the pages (DIWAN_PROXIES); each of them adds the
                  address it was asked from to X-Forwarded-For
    staff_directory  the OpenID provider that staff sign in with, or nothing (DIWAN_STAFF_DIRECTORY):
                  oidc+https://ISSUER?client=ID&secret=URL, the secret at file:///FILE or secretsmanager://NAME;
                  &acr=CLASS demands that class of each sign-in
    staff_accounts  whether staff may, beside it, sign in with accounts of Diwan's own: yes or no (DIWAN_STAFF_ACCOUNTS)
    outside_reader  a reading service of others, or nothing (DIWAN_OUTSIDE_READER): the address that hands out its jobs,
                  or bedrock://MODEL-ID?bucket=NAME; used only where the municipality's file allows it
    """

    data: Path
    database_url: str
    secret_url: str
    blobs_url: str
    search_url: str
    jobs_url: str
    keys_url: str
    messages_url: str
    ocr_url: str
    gateway_url: str
    base_url: str
    host: str
    port: int
    assets: Path
    municipality: Path
    tessdata: Path
    staff_directory: str
    staff_accounts: bool
    outside_reader: str
    proxies: int
    traces_url: str
    function: str

    @property
    def number_formats(self) -> Path | None:
        """The file that says how the municipality's numbers look, where there is one."""
        beside = self.municipality.with_name("number-formats.json").absolute()
        return beside if beside.is_file() else None

    @property
    def database_file(self) -> Path | None:
        """The file of the database, where it is one of SQLite."""
        scheme, _, rest = self.database_url.partition(":///")
        return Path(rest.partition("?")[0]) if scheme == "sqlite" else None

    @property
    def is_sample(self) -> bool:
        """Whether the municipality is the invented one of samples/municipality."""
        return self.municipality.resolve() == _sample(self.assets).resolve()

    @property
    def one_worker(self) -> bool:
        """Whether there is one worker process at most: the index at home has one writer."""
        return self.search_url.startswith("tantivy:")

    @property
    def secure(self) -> bool:
        """Whether people reach us over TLS: then cookies are for TLS only."""
        return self.base_url.startswith("https://")


def read_settings(
    environ: Mapping[str, str] | None = None,
    data: Path | None = None,
    port: int | None = None,
) -> Settings:
    """Settings from the environment; `data` and `port` given by hand win over it. Raises SettingMalformed."""
    env = os.environ if environ is None else environ

    def url(name: str, otherwise: str = "") -> str:
        return checked_url(name, env.get(name, otherwise))

    folder = (data or Path(env.get("DIWAN_DATA", "data"))).absolute()
    listens = checked_number("DIWAN_PORT", env.get("DIWAN_PORT", "8000") if port is None else port, 0, 65535)
    host = env.get("DIWAN_HOST", "127.0.0.1")
    assets = Path(env.get("DIWAN_ASSETS", str(CHECKOUT)))
    return Settings(
        data=folder,
        database_url=url("DIWAN_DATABASE", f"sqlite:///{folder / 'diwan.sqlite3'}"),
        secret_url=url("DIWAN_SECRET", f"file://{folder / 'secret' / 'web'}"),
        blobs_url=url("DIWAN_BLOBS", f"file://{folder / 'blobs'}"),
        search_url=url("DIWAN_SEARCH", f"tantivy://{folder / 'search'}"),
        jobs_url=url("DIWAN_JOBS", "database:"),
        keys_url=url("DIWAN_KEYS", f"file://{folder / 'keys'}"),
        messages_url=url("DIWAN_MESSAGES", f"outbox://{folder / 'outbox'}"),
        ocr_url=url("DIWAN_OCR", "subprocess:"),
        gateway_url=url("DIWAN_GATEWAY", "sandbox:"),
        base_url=url("DIWAN_BASE_URL", f"http://{host}:{listens}").rstrip("/"),
        host=host,
        port=listens,
        assets=assets,
        municipality=Path(env.get("DIWAN_MUNICIPALITY", str(_sample(assets)))),
        tessdata=Path(env.get("DIWAN_TESSDATA", str(CHECKOUT / ".venv" / "share" / "tessdata"))),
        staff_directory=url("DIWAN_STAFF_DIRECTORY"),
        staff_accounts=checked_word(
            "DIWAN_STAFF_ACCOUNTS", env.get("DIWAN_STAFF_ACCOUNTS", "yes"), "yes", "no"
        )
        == "yes",
        outside_reader=url("DIWAN_OUTSIDE_READER"),
        proxies=checked_number("DIWAN_PROXIES", env.get("DIWAN_PROXIES", "0"), 0, 20),
        traces_url=url("OTEL_EXPORTER_OTLP_ENDPOINT"),
        function=env.get("AWS_LAMBDA_FUNCTION_NAME", ""),
    )


def _sample(assets: Path) -> Path:
    return assets / "samples" / "municipality" / "municipality.json"


def independent_files() -> Path | None:
    """The folder of files made by others, for measuring on what nothing was tuned to (DIWAN_INDEPENDENT_FILES)."""
    named = os.environ.get("DIWAN_INDEPENDENT_FILES")
    return Path(named) if named else None


def environment_of(settings: Settings) -> dict[str, str]:
    """Variables from which `read_settings` gives the same settings in another process."""
    return {
        "DIWAN_DATA": str(settings.data),
        "DIWAN_DATABASE": settings.database_url,
        "DIWAN_SECRET": settings.secret_url,
        "DIWAN_BLOBS": settings.blobs_url,
        "DIWAN_SEARCH": settings.search_url,
        "DIWAN_JOBS": settings.jobs_url,
        "DIWAN_KEYS": settings.keys_url,
        "DIWAN_MESSAGES": settings.messages_url,
        "DIWAN_OCR": settings.ocr_url,
        "DIWAN_GATEWAY": settings.gateway_url,
        "DIWAN_BASE_URL": settings.base_url,
        "DIWAN_HOST": settings.host,
        "DIWAN_PORT": str(settings.port),
        "DIWAN_ASSETS": str(settings.assets),
        "DIWAN_MUNICIPALITY": str(settings.municipality),
        "DIWAN_TESSDATA": str(settings.tessdata),
        "DIWAN_STAFF_DIRECTORY": settings.staff_directory,
        "DIWAN_STAFF_ACCOUNTS": "yes" if settings.staff_accounts else "no",
        "DIWAN_OUTSIDE_READER": settings.outside_reader,
        "DIWAN_PROXIES": str(settings.proxies),
        "OTEL_EXPORTER_OTLP_ENDPOINT": settings.traces_url,
        "AWS_LAMBDA_FUNCTION_NAME": settings.function,
    }


def ignored(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Variables DIWAN_… that this version does not know, each with the known name nearest to it, empty when none is.

    They are no fault: a later version may know them, and one environment may serve both.
    """
    known = (*environment_of(settings), *_NO_SETTINGS)
    for name in sorted(environ):
        if name.startswith("DIWAN_") and name not in known:
            yield name, next(iter(get_close_matches(name, known, 1, 0.8)), "")
