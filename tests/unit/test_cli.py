"""What the commands say of themselves, and when they cannot even begin."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from chalicelib import __version__
from chalicelib.cli import main, parser
from chalicelib.settings import CHECKOUT, ignored, read_settings

COMMANDS = {
    "run": ["run"],
    "demo": ["demo"],
    "import": ["import", __file__],
    "search": ["search", "رخصة"],
    "verify": ["verify", __file__],
    "staff": ["staff"],
    "codes": ["codes"],
    "backup": ["backup", "copies"],
    "restore": ["restore", "copies"],
    "bench": ["bench", "cost"],
    "doctor": ["doctor"],
}
MALFORMED = {
    "DIWAN_PORT": ("abc", "-1", "99999", "8000 ", "٨٠٠٠", ""),
    "DIWAN_PROXIES": ("one", "-1"),
    "DIWAN_STAFF_ACCOUNTS": ("No", "false"),
    "DIWAN_DATABASE": ("postgresql//x", "postgresql://town@db/x", "mysql://db/x", "diwan.sqlite3", ""),
    "DIWAN_SECRET": ("ftp://host/x", "vault://town/web"),
    "DIWAN_BLOBS": ("ftp://host/x", "/srv/blobs", "gs://bucket"),
    "DIWAN_SEARCH": ("elastic://host/pages", "https://host/pages"),
    "DIWAN_JOBS": ("redis://host", "database"),
    "DIWAN_KEYS": ("pkcs11:", "keys"),
    "DIWAN_MESSAGES": ("smtp://host", "aws"),
    "DIWAN_OCR": ("tesseract:", "subprocess"),
    "DIWAN_GATEWAY": ("knet", "sandbox"),
    "DIWAN_BASE_URL": ("licences.town.example", "https:", "https:///x", "ftp://town.example"),
    "DIWAN_STAFF_DIRECTORY": ("https://login.town.example", "ldap://host"),
    "DIWAN_OUTSIDE_READER": ("openai://model",),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("collector:4318", "grpc://collector:4317"),
    "DIWAN_ASSETS": ("/nowhere/assets",),
}


def said_by(capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence on standard error, without the marks of direction round what is Arabic in it.

    Nothing else has any: a path is copied from it, and they would go with it.
    """
    captured = capsys.readouterr()
    assert captured.out == ""
    assert not re.search("\u2068[ -~]*\u2069", captured.err)
    return captured.err.translate(dict.fromkeys((0x2068, 0x2069)))


def refused(command: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(command) == 2
    said = said_by(capsys)
    assert said.startswith("diwan: ") and said.count("\n") == 1
    return said


def test_the_version_is_that_of_the_checkout(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"Diwan {__version__}\n")
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    package = json.loads((CHECKOUT / "package.json").read_text(encoding="utf-8"))
    assert project["version"] == package["version"] == __version__


def test_help_knows_the_command_that_the_entry_does_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "./diwan test" in capsys.readouterr().out


def test_every_command_is_tried_with_malformed_settings() -> None:
    [commands] = [action for action in parser()._actions if action.dest == "command"]
    assert set(commands.choices or ()) == COMMANDS.keys()


@pytest.mark.parametrize(("setting", "value"), [(s, v) for s, values in MALFORMED.items() for v in values])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_malformed_setting_is_told_in_one_sentence_by_every_command(
    command: list[str],
    setting: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(setting, value)
    said = refused(command, capsys)
    assert setting in said
    assert "Write " in said or "write " in said
    if setting != "DIWAN_SECRET":  # it may be the secret itself that somebody wrote there
        assert value in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_data_folder_that_cannot_be_one_is_told_by_every_command(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    for place in (file, file / "data"):
        monkeypatch.setenv("DIWAN_DATA", str(place))
        said = refused(command, capsys)
        assert str(file) in said and "DIWAN_DATA" in said and "--data" in said
    assert file.read_text() == "in the way"


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_data_folder_that_cannot_be_written_to_is_told_by_every_command(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = next(
        (p for p in ("/sys", "/proc/1", "/usr") if not os.access(p, os.W_OK, effective_ids=True)), None
    )
    if place is None:
        pytest.skip("everything can be written to here")
    monkeypatch.setenv("DIWAN_DATA", f"{place}/diwan")
    said = refused(command, capsys)
    assert place in said and "DIWAN_DATA" in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DIWAN_DATABASE", "sqlite:////nowhere/diwan.sqlite3"),
        ("DIWAN_DATABASE", "sqlite:////tmp"),
        ("DIWAN_DATABASE", "postgresql+psycopg://town@db:port/x"),
        ("DIWAN_DATABASE", "postgresql+psycopg://town@db:99999/x"),
        ("DIWAN_DATABASE", "postgresql+psycopg://town@db/x?pool=many"),
        ("DIWAN_DATABASE", "postgresql+psycopg://[::1/x"),
        ("DIWAN_BLOBS", "s3:///no-bucket"),
        ("DIWAN_BLOBS", "s3://bucket?lok=3"),
        ("DIWAN_BLOBS", f"file://{__file__}"),
        ("DIWAN_SEARCH", "opensearch+https://host"),
        ("DIWAN_SEARCH", "opensearch+https://host:99999/pages"),
        ("DIWAN_SEARCH", f"tantivy://{__file__}"),
        ("DIWAN_JOBS", "sqs:"),
        ("DIWAN_KEYS", f"file://{__file__}"),
        ("DIWAN_SECRET", f"file://{__file__}/secret"),
        ("DIWAN_OCR", "lambda://reader"),
        ("DIWAN_MESSAGES", f"outbox://{__file__}"),
        ("DIWAN_MESSAGES", "aws:?regoin=x"),
    ],
)
@pytest.mark.parametrize("command", [["run", "--port", "0"], ["import", __file__]], ids=["run", "import"])
def test_what_only_its_store_can_tell_is_told_in_one_sentence_too(
    command: list[str],
    setting: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv(setting, value)
    said = refused([*command, "--data", str(tmp_path / "data")], capsys)
    assert setting in said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DIWAN_DATABASE", "postgresql//town:anchor@db.example/x"),
        ("DIWAN_DATABASE", "mysql://town:an:chor/lantern?x@db.example/x"),
        ("DIWAN_DATABASE", "town:anchor@db.example"),
        ("DIWAN_DATABASE", "mysql://town:anchor/x"),
        ("DIWAN_DATABASE", "mysql://db.example/x?password=anchor"),
        ("DIWAN_DATABASE", "mysql://db.example/x?password=an@chor"),
        ("DIWAN_DATABASE", "mysql://db.example:3306/x?password=an@chor"),
        ("DIWAN_DATABASE", "mysql://db.example/x?password=anchor&user=town@db.example"),
        ("DIWAN_DATABASE", "postgresql+psycopg://town:anchor@db.example:port/x"),
        ("DIWAN_DATABASE", "postgresql+psycopg://town:anchor@db.example/x?pool=0"),
        ("DIWAN_SEARCH", "elastic://town:anchor@node.example/pages"),
        ("DIWAN_SEARCH", "opensearch+https://town:anchor@node.example"),
        ("DIWAN_SECRET", "anchor"),
        ("DIWAN_SECRET", "ftp://anchor"),
    ],
)
def test_no_secret_is_told(
    setting: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(setting, value)
    said = refused(["run", "--data", str(tmp_path / "data"), "--port", "0"], capsys)
    assert setting in said
    assert "anchor" not in said and "chor" not in said and "lantern" not in said


def test_keys_that_others_may_read_are_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    assert main(["import", __file__, "--data", str(tmp_path)]) == 2
    assert str(tmp_path / "keys") in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"DIWAN_BLOBS": "ftp://somewhere"}, ["DIWAN_BLOBS"]),
        (
            {"DIWAN_STAFF_DIRECTORY": "oidc+https://login.town.example"},
            ["DIWAN_STAFF_DIRECTORY", "client, secret"],
        ),
        (
            {"DIWAN_STAFF_DIRECTORY": "oidc+https://login.town.example?client=diwan"},
            ["DIWAN_STAFF_DIRECTORY", "secret is missing"],
        ),
        ({"DIWAN_STAFF_ACCOUNTS": "no"}, ["DIWAN_STAFF_ACCOUNTS=no", "DIWAN_STAFF_DIRECTORY"]),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    environ: dict[str, str],
    said: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["run", "--data", str(tmp_path / "data"), "--port", "0"]) == 2
    told = " ".join(capsys.readouterr().err.translate(dict.fromkeys((0x2068, 0x2069))).split())
    assert all(part in told for part in said)


@pytest.mark.parametrize(("name", "nearest"), [("DIWAN_BLOB", "DIWAN_BLOBS"), ("DIWAN_MOON_PHASE", "")])
def test_a_setting_that_is_not_known_is_told_and_stops_nobody(
    name: str,
    nearest: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, "s3://anchor")
    assert main(["search", "رخصة", "--data", str(tmp_path / "data")]) == 2
    warned, answered = capsys.readouterr().err.splitlines()
    assert warned.startswith(f"diwan: {name} is ignored") and answered.startswith("No archive in")
    assert (f"{nearest} is the nearest" if nearest else "no such setting.") in warned
    assert "anchor" not in warned


def test_every_name_that_the_documents_and_the_deployment_write_is_known() -> None:
    files = subprocess.run(
        ["git", "ls-files", "README.md", "docs", "infra", ".ci"],
        cwd=CHECKOUT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    texts = [(CHECKOUT / file).read_bytes().decode("utf-8", "ignore") for file in files]
    named = {name for text in texts for name in re.findall(r"\bDIWAN_[A-Z_]*[A-Z]\b", text)}
    assert len(named) > 15
    assert list(ignored(read_settings({}), dict.fromkeys(named, ""))) == []


@pytest.mark.parametrize(("setting", "value"), [("DIWAN_PORT", "abc"), ("DIWAN_ASSETS", "/nowhere/assets")])
def test_the_doctor_tells_programs_of_a_setting_at_fault_in_their_own_form(
    setting: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(setting, value)
    assert main(["doctor", "--json"]) == 2
    captured = capsys.readouterr()
    [finding] = [json.loads(line) for line in captured.out.splitlines()]
    assert (finding["name"], finding["state"]) == ("settings", "missing")
    assert setting in finding["found"] and value in finding["found"] and captured.err == ""
