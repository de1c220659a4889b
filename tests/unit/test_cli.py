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
