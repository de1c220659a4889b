"""`./diwan staff` puts people on file, lets them in no more, and releases their account of the directory."""

from pathlib import Path

import pytest
from sqlalchemy import select

from chalicelib.cli import main
from chalicelib.database.engine import Database
from chalicelib.database.migrate import migrate
from chalicelib.identity.models import DirectoryAccountRow, StaffRow
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
    assert "owner" in capsys.readouterr().err
    assert on_file(data) == []


@pytest.mark.parametrize("asked", [[], ["--roles", "clerk"], [*NAMES], [*NAMES, "--roles", "clerk", "--end"]])
def test_what_is_asked_has_to_make_sense(data: Path, asked: list[str]) -> None:
    with pytest.raises(SystemExit):
        diwan(data, *asked)
    assert on_file(data) == []


def test_where_there_is_no_municipality_there_are_no_staff(tmp_path: Path) -> None:
    assert diwan(tmp_path / "data", *NAMES, "--roles", "clerk") == 2
