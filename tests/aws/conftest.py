"""What tests of AWS share."""

import pytest


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two tries."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
