"""`./diwan staff` puts people on file and lists them, ends their access, releases their account of the directory."""

import re
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import select

from chalicelib.bootstrap import build
from chalicelib.cli import main
from chalicelib.database.engine import Database
from chalicelib.database.migrate import migrate
from chalicelib.identity.errors import SignInRefused
from chalicelib.identity.models import DirectoryAccountRow, StaffRow
from chalicelib.identity.permissions import STAFF_ROLES
from chalicelib.settings import read_settings
from tests.moving_clock import START

EMAIL = "Huda@Marsa.example"
NAMES = ("--names", "هدى الخازن", "Huda Al-Khazin")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a municipality that nobody works for yet."""
    (tmp_path / "data").mkdir()
    database = Database(read_settings({}, data=tmp_path / "data").database_url)
    migrate(database)
    database.close()
    return tmp_path / "data"


def diwan(data: Path, *arguments: str) -> int:
    return main(["staff", EMAIL, "--data", str(data), *arguments])


def on_file(data: Path) -> list[StaffRow]:
    database = Database(read_settings({}, data=data).database_url)
    with database.reading() as tx:
        found = list(tx.scalars(select(StaffRow)))
    database.close()
    return found


def test_somebody_is_put_on_file_ended_and_let_in_again(data: Path) -> None:
    assert diwan(data, *NAMES, "--roles", "clerk", "archivist") == 0
    (huda,) = on_file(data)
    assert (huda.email, huda.name_ar, huda.roles) == ("huda@marsa.example", NAMES[1], ["clerk", "archivist"])
    assert (huda.active, huda.password_hash, huda.totp_secret) == (True, "", "")
    assert diwan(data, "--end") == 0
    assert [one.active for one in on_file(data)] == [False]
    assert diwan(data, *NAMES, "--roles", "manager") == 0
    assert [(one.id, one.active, one.roles) for one in on_file(data)] == [(huda.id, True, ["manager"])]


def test_a_directory_account_is_released(data: Path) -> None:
    diwan(data, *NAMES, "--roles", "clerk")
    database = Database(read_settings({}, data=data).database_url)
    with database.transaction() as tx:
        (huda,) = on_file(data)
        tx.add(
            DirectoryAccountRow(issuer="https://login.example", subject="1", staff_id=huda.id, bound_at=START)
        )
    assert diwan(data, "--release") == 0
    with database.reading() as tx:
        assert tx.scalars(select(DirectoryAccountRow)).all() == []
    database.close()


@pytest.mark.parametrize("asked", [["--end"], ["--release"]])
def test_nobody_has_this_address(data: Path, capsys: pytest.CaptureFixture[str], asked: list[str]) -> None:
    assert diwan(data, *asked) == 1
    assert EMAIL in capsys.readouterr().err


def test_a_role_that_there_is_not_changes_nothing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert diwan(data, *NAMES, "--roles", "clerk", "owner") == 2
    said = capsys.readouterr().err
    assert "owner" in said and all(role in said for role in STAFF_ROLES)
    assert on_file(data) == []


def test_the_help_lists_the_roles(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["staff", "--help"])
    told = capsys.readouterr().out
    assert all(role in told for role in STAFF_ROLES)


@pytest.mark.parametrize(
    "email", ["huda", "huda@", "@marsa.example", "huda@marsa@example", "huda x@marsa.example"]
)
def test_what_is_no_address_is_refused(data: Path, capsys: pytest.CaptureFixture[str], email: str) -> None:
    assert main(["staff", email, "--data", str(data), *NAMES, "--roles", "clerk"]) == 2
    assert "no e-mail address" in capsys.readouterr().err
    assert on_file(data) == []


@pytest.mark.parametrize("names", [NAMES[:0:-1], ("Huda", "Huda"), ("هدى", "هدى"), ("هدى", " ")])
def test_names_that_changed_places_are_refused(
    data: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, str]
) -> None:
    assert diwan(data, "--names", *names, "--roles", "clerk") == 2
    assert "Arabic name comes first" in capsys.readouterr().err
    assert on_file(data) == []


def test_roles_change_without_the_names_again(data: Path) -> None:
    diwan(data, *NAMES, "--roles", "clerk")
    assert diwan(data, "--roles", "manager") == 0
    (huda,) = on_file(data)
    assert (huda.name_ar, huda.name_en, huda.roles) == (NAMES[1], NAMES[2], ["manager"])


@pytest.mark.parametrize("asked", [["--roles", "clerk"], [*NAMES], ["--account"]])
def test_a_new_file_needs_names_and_roles(
    data: Path, capsys: pytest.CaptureFixture[str], asked: list[str]
) -> None:
    assert diwan(data, *asked) == 1
    assert "--names ARABIC ENGLISH and --roles" in capsys.readouterr().err
    assert on_file(data) == []


def test_the_first_administrator_comes_in_with_what_was_shown_once(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diwan(data, *NAMES, "--roles", "admin", "--account") == 0
    said = capsys.readouterr().out
    password, secret = (re.findall(rf"{name} +(\S+)", said)[0] for name in ("password", "authenticator"))
    built = build(read_settings({}, data=data))
    try:
        assert built.identity.sign_in_staff(EMAIL, password, pyotp.TOTP(secret).now(), "203.0.113.7")
        assert diwan(data, "--account") == 0
        with pytest.raises(SignInRefused):
            built.identity.sign_in_staff(EMAIL, password, pyotp.TOTP(secret).now(), "203.0.113.7")
    finally:
        built.close()
    assert [one.roles for one in on_file(data)] == [["admin"]]


def test_no_address_is_told_that_may_be_another_servers(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    diwan(data, *NAMES, "--roles", "admin", "--account")
    said = capsys.readouterr().out
    assert "/staff/sign-in" in said and ":8000" not in said
    monkeypatch.setenv("DIWAN_BASE_URL", "https://licences.town.example")
    diwan(data, "--account")
    assert "https://licences.town.example/staff/sign-in" in capsys.readouterr().out


def test_who_cannot_come_in_yet_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diwan(data, *NAMES, "--roles", "clerk")
    assert "no way in yet" in capsys.readouterr().out
    diwan(data, "--account")
    assert "no way in yet" not in capsys.readouterr().out


def test_an_account_lets_nobody_in_whose_access_was_ended(data: Path) -> None:
    diwan(data, *NAMES, "--roles", "clerk")
    diwan(data, "--end")
    assert diwan(data, "--account") == 1
    assert [(one.active, one.password_hash) for one in on_file(data)] == [(False, "")]


def test_alone_it_lists_who_is_on_file(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["staff", "--data", str(data)]) == 0
    assert "Nobody is on file" in capsys.readouterr().out
    diwan(data, *NAMES, "--roles", "clerk", "archivist")
    main(["staff", "amal@marsa.example", "--data", str(data), *NAMES, "--roles", "admin", "--account"])
    main(["staff", "badr@marsa.example", "--data", str(data), *NAMES, "--roles", "clerk"])
    main(["staff", "badr@marsa.example", "--data", str(data), "--end"])
    capsys.readouterr()
    assert main(["staff", "--data", str(data)]) == 0
    amal, badr, huda = capsys.readouterr().out.splitlines()[1:]
    assert all(part in huda for part in ("huda@marsa.example", "clerk, archivist", "no way in yet"))
    assert "amal@" in amal and "password" in amal
    assert "badr@" in badr and "access ended" in badr


@pytest.mark.parametrize("asked", [[], [*NAMES, "--roles", "clerk", "--end"], ["--account", "--end"]])
def test_what_is_asked_has_to_make_sense(
    data: Path, asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        diwan(data, *asked)
    assert capsys.readouterr().err.startswith("usage: diwan staff ")
    assert on_file(data) == []


def test_where_there_is_no_municipality_there_are_no_staff(tmp_path: Path) -> None:
    assert diwan(tmp_path / "data", *NAMES, "--roles", "clerk") == 2
