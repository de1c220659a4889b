"""What the commands say when they cannot even begin."""

from pathlib import Path

import pytest

from chalicelib.cli import main


@pytest.mark.parametrize("command", [["run"], ["import", __file__], ["search", "رخصة"]])
def test_a_data_folder_that_cannot_be_one_is_named(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "data"
    assert main([*command, "--data", str(folder)]) == 2
    assert str(folder) in capsys.readouterr().err


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
