"""What `./diwan doctor` says of stores in AWS: which answer, and why one does not."""

from pathlib import Path

from chalicelib.commands.findings import Finding
from chalicelib.commands.store_findings import reached
from chalicelib.settings import read_settings
from tests.aws_server import AwsServer
from tests.oidc_server import SECRET, OidcServer


def found(data: Path, **environment: str) -> dict[str, Finding]:
    return {finding.name: finding for finding in reached(read_settings(environment, data=data))}


def test_a_town_of_one_machine_has_none_elsewhere(tmp_path: Path) -> None:
    assert found(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_stores_that_answer(aws: AwsServer, tmp_path: Path) -> None:
    bucket, options = aws.bucket(), aws.options()
    told = found(
        tmp_path,
        DIWAN_BLOBS=f"s3://{bucket}/town?{options}",
        DIWAN_KEYS=f"awskms:///{aws.signing_keys()}?{options}",
    )
    assert {name: finding.state for name, finding in told.items()} == {
        "blobs elsewhere": "ok",
        "keys elsewhere": "ok",
    }
    assert told["blobs elsewhere"].found == f"s3://{bucket}/town"


def test_stores_that_do_not(aws: AwsServer, tmp_path: Path, hurried: None) -> None:
    options, silent = aws.options(), "endpoint=http://127.0.0.1:1&region=eu-central-1"
    told = found(tmp_path, DIWAN_BLOBS=f"s3://bucket?{silent}", DIWAN_KEYS=f"awskms:///nobody?{options}")
    assert {finding.state for finding in told.values()} == {"missing"}
    assert "EndpointConnectionError" in told["blobs elsewhere"].found
    assert "alias/nobody-issuer" in told["keys elsewhere"].found
    assert "DIWAN_KEYS" in told["keys elsewhere"].remedy


def test_a_directory_of_staff_that_answers_and_one_that_does_not(oidc: OidcServer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    chosen = {"DIWAN_STAFF_DIRECTORY": oidc.url_of_directory(tmp_path / "secret")}
    told = found(tmp_path / "data", **chosen)["staff_directory elsewhere"]
    assert (told.state, told.found) == ("ok", f"oidc+{oidc.issuer}")
    oidc.description = {"issuer": "https://other.example"}
    told = found(tmp_path / "data", **chosen)["staff_directory elsewhere"]
    assert (told.state, "DIWAN_STAFF_DIRECTORY" in told.remedy) == ("missing", True)
    assert "other-issuer" in told.found


def test_settings_that_cannot_be_opened(aws: AwsServer, tmp_path: Path) -> None:
    told = found(tmp_path, DIWAN_SECRET=f"secretsmanager://nothing?{aws.options()}")
    assert "nothing" in told["stores elsewhere"].found
