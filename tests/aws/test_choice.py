"""Each part is chosen on its own, by URL; what is not chosen is not loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.adapters import by_url
from chalicelib.adapters.embedded.signed_links import SignedLinks
from chalicelib.ports.stores import StoreUnknown
from chalicelib.setting_values import FORMS, SettingMalformed, checked_url
from chalicelib.settings import environment_of, read_settings
from tests.aws_server import AwsServer
from tests.moving_clock import MovingClock

CHECKOUT = Path(__file__).resolve().parents[2]
LINKS = SignedLinks(b"s" * 32, MovingClock())


def loaded(environment: dict[str, str]) -> set[str]:
    """What a process that has built everything, and has its routes, has loaded."""
    program = (
        "import sys\n"
        "from chalicelib.bootstrap import build\n"
        "from chalicelib.settings import read_settings\n"
        "from chalicelib.web.application import all_routes\n"
        "build(read_settings()); all_routes()\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT), **environment},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(ran.stdout.split())


def test_a_town_of_one_machine_loads_nothing_of_aws(tmp_path: Path) -> None:
    assert not {"boto3", "botocore", "opensearchpy"} & loaded({"DIWAN_DATA": str(tmp_path)})


def test_what_tokens_are_verified_with_is_loaded_where_staff_have_a_directory(tmp_path: Path) -> None:
    directory = f"oidc+https://login.example/town?client=diwan&secret=file://{tmp_path}/secret"
    chosen = {"DIWAN_STAFF_DIRECTORY": directory}
    assert "joserfc" not in loaded({"DIWAN_DATA": str(tmp_path)})
    assert "joserfc" in loaded({"DIWAN_DATA": str(tmp_path), **chosen})


def test_a_function_in_aws_loads_nothing_of_the_other_home(aws: AwsServer, tmp_path: Path) -> None:
    name, options = aws.name("secret"), aws.options()
    aws.client("secretsmanager").create_secret(Name=name, SecretString="s" * 40)
    modules = loaded(
        {
            "DIWAN_DATA": str(tmp_path),
            "DIWAN_DATABASE": "postgresql+psycopg://town@127.0.0.1:1/diwan?iam=1&pool=1&region=eu-central-1",
            "DIWAN_SECRET": f"secretsmanager://{name}?{options}",
            "DIWAN_BLOBS": f"s3://{aws.bucket()}?{options}",
            "DIWAN_SEARCH": "opensearch+http://127.0.0.1:1/pages",
            "DIWAN_JOBS": "database:",
            "DIWAN_KEYS": f"awskms:///{aws.signing_keys()}?{options}",
            "DIWAN_MESSAGES": f"aws:?{options}",
            "DIWAN_OCR": "lambda://reader?region=eu-central-1",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }
    )
    assert "boto3" in modules
    # Nothing there to fork a reader, and no typesetter in what answers people.
    heavy = {"tantivy", "granian", "typst", "numpy", "PIL", "pyhanko", "onnxruntime", "httpx", "rich"}
    assert not heavy & modules
    at_home = {"folder_blobs", "key_file", "outbox_folder", "subprocess_ocr", "tantivy_search"}
    assert not {f"chalicelib.adapters.embedded.{name}" for name in at_home} & modules


@pytest.mark.parametrize(
    "variable", ["BLOBS", "SEARCH", "KEYS", "MESSAGES", "OCR", "SECRET", "JOBS", "STAFF_DIRECTORY"]
)  # fmt: skip
def test_a_store_nobody_knows_is_refused_by_name(tmp_path: Path, variable: str) -> None:
    setting = f"DIWAN_{variable}"
    with pytest.raises(SettingMalformed) as refusal:
        read_settings({setting: "ftp://somewhere"}, data=tmp_path)
    assert refusal.value.data["setting"] == setting


@pytest.mark.parametrize("setting", FORMS)
def test_every_form_that_is_told_is_taken(setting: str) -> None:
    for form in FORMS[setting]:
        assert checked_url(setting, form) == form


@pytest.mark.parametrize(
    "url",
    [
        "s3://bucket?kmskey=a",
        "s3://bucket?lock=1&lok=2",
        "s3://bucket?region=a&profile=b",
        "s3://bucket?lock=ten",
        "s3:///scans",
    ],
)
def test_an_option_that_means_nothing_is_refused(url: str) -> None:
    with pytest.raises(StoreUnknown):
        by_url.blobs_at(url, LINKS, MovingClock())


@pytest.mark.parametrize("pool", ["0", "-1", "many"])
def test_a_database_without_connections_is_refused_and_its_password_not_told(pool: str) -> None:
    with pytest.raises(StoreUnknown) as refusal:
        by_url.database_at(f"postgresql+psycopg://town:anchor@db.example/diwan?pool={pool}")
    assert "db.example" in refusal.value.data["url"] and "anchor" not in refusal.value.data["url"]


def test_the_reader_in_aws_needs_its_files_there(tmp_path: Path) -> None:
    blobs = by_url.blobs_at(f"file://{tmp_path}", LINKS, MovingClock())
    with pytest.raises(StoreUnknown):
        by_url.ocr_at("lambda://reader", blobs, tmp_path, None)


def test_every_choice_passes_to_other_processes(tmp_path: Path) -> None:
    chosen = {
        "DIWAN_BLOBS": "s3://bucket?lock=3650", "DIWAN_KEYS": "awskms:///diwan", "DIWAN_MESSAGES": "aws:",
        "DIWAN_OCR": "lambda://reader", "DIWAN_SECRET": "secretsmanager://diwan/web", "DIWAN_STAFF_ACCOUNTS": "no",
        "DIWAN_STAFF_DIRECTORY": "oidc+https://login.example?client=diwan&secret=secretsmanager://diwan/staff",
    }  # fmt: skip
    settings = read_settings(chosen, data=tmp_path)
    assert read_settings(environment_of(settings)) == settings
    assert chosen.items() <= environment_of(settings).items()
