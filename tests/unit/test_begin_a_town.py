"""A town of one's own begins with its file and an empty folder, and shares neither with the sample."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from chalicelib.cli import main
from chalicelib.commands.run import prepare
from chalicelib.commands.sample_municipality import TownsMixed
from chalicelib.database.engine import Database
from chalicelib.identity.models import PartyRow, StaffRow
from chalicelib.licensing.models import Licence
from chalicelib.parcels.errors import MunicipalityUnreadable
from chalicelib.parcels.municipality import read_municipality
from chalicelib.settings import Settings, read_settings

SAMPLE = read_settings({}).municipality
HUDA = ("staff", "huda@town.example", "--names", "هدى", "Huda", "--roles", "admin")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of a town of one's own."""
    file = tmp_path / "town.json"
    described = json.loads(SAMPLE.read_text("utf-8")) | {"code": "town"}
    file.write_text(json.dumps(described), "utf-8")
    return file


@pytest.fixture
def own(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of that town; the environment of commands names it too."""
    monkeypatch.setenv("DIWAN_MUNICIPALITY", str(file))
    return read_settings(data=tmp_path / "data")


def on_file(settings: Settings) -> list[int]:
    database = Database(settings.database_url)
    with database.reading() as tx:
        found = [
            tx.scalar(select(func.count()).select_from(row)) or 0 for row in (StaffRow, PartyRow, Licence)
        ]
    database.close()
    return found


def test_nothing_of_the_sample_comes_into_a_town(own: Settings) -> None:
    assert not prepare(own)
    assert on_file(own) == [0, 0, 0]
    assert main([*HUDA, "--account", "--data", str(own.data)]) == 0
    assert not prepare(own)
    assert on_file(own) == [1, 0, 0]


def test_importing_into_a_town_loads_nothing_else(own: Settings, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_text("no PDF at all")
    main(["import", str(tmp_path / "scan.pdf"), "--data", str(own.data)])
    assert on_file(own) == [0, 0, 0]


def test_whoever_gets_the_sample_is_told_that_it_is_open_to_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "scan.pdf").write_text("no PDF at all")
    main(["import", str(tmp_path / "scan.pdf"), "--data", str(tmp_path / "data")])
    said = capsys.readouterr().err
    assert "passwords are public" in said and "begin-a-town.md" in said


def test_people_of_the_sample_do_not_come_into_a_town(own: Settings, tmp_path: Path) -> None:
    assert prepare(read_settings({}, data=own.data))
    with pytest.raises(TownsMixed):
        prepare(own)


def test_a_town_whose_file_is_forgotten_does_not_become_the_sample(
    own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare(own)
    main([*HUDA, "--data", str(own.data)])
    monkeypatch.delenv("DIWAN_MUNICIPALITY")
    assert main(["import", __file__, "--data", str(own.data)]) == 2
    assert "DIWAN_MUNICIPALITY" in capsys.readouterr().err
    assert on_file(own) == [1, 0, 0]


def test_codes_are_of_the_sample_in_that_folder_only(
    own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "sample"
    prepare(read_settings({}, data=sample))
    assert main(["codes", "--data", str(sample)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 8
    prepare(own)
    main([*HUDA, "--account", "--data", str(own.data)])
    capsys.readouterr()
    for folder in (own.data, tmp_path / "none"):
        assert main(["codes", "--data", str(folder)]) == 2
        shown, said = capsys.readouterr()
        assert (shown, str(folder) in said) == ("", True)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"office": {}}, "office.name.ar"),
        ({"name": "بلدية"}, "name.ar"),
        ({"currency": "DIN"}, "KWD"),
        ({"timezone": "Kuwait/City"}, "timezone"),
        ({"code": 7}, "code"),
    ],
)
def test_what_is_wrong_with_the_file_is_named(file: Path, change: dict[str, Any], named: str) -> None:
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(MunicipalityUnreadable) as refusal:
        read_municipality(file)
    assert named in refusal.value.data["reason"]


@pytest.mark.parametrize("content", ["", "[]", None])
def test_a_file_that_is_none_is_named(
    own: Settings, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    if content is None:
        own.municipality.unlink()
    else:
        own.municipality.write_text(content, "utf-8")
    assert main(["run", "--data", str(own.data), "--port", "0"]) == 2
    assert str(own.municipality) in capsys.readouterr().err
