"""What S3 is asked for beyond the port's contract: links for browsers, retention, encryption, large files, faults."""

import base64
import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from chalicelib.adapters.aws import s3_blobs
from chalicelib.adapters.aws.s3_blobs import S3Blobs
from chalicelib.adapters.embedded.system_clock import SystemClock
from chalicelib.ports.blobs import BlobMissing, BlobRetained, content_key
from chalicelib.ports.stores import ClockWrong, StoreDenied, StoreUnavailable, StoreUnknown
from tests.aws_server import AwsServer, Fault, faults, half_done, refused, unheard

SCAN = bytes(range(256)) * 40
# More than one part of the least size that S3 takes.
PART = 5 << 20
PLAN = b"plan" * (3 * PART // 8)


def open_blobs(aws: AwsServer, bucket: str | None = None, **options: str) -> S3Blobs:
    return S3Blobs(f"s3://{bucket or aws.bucket()}/town?{aws.options(**options)}", SystemClock())


@pytest.fixture
def blobs(aws: AwsServer, monkeypatch: pytest.MonkeyPatch) -> S3Blobs:
    monkeypatch.setattr(s3_blobs, "_PART", PART)
    return open_blobs(aws)


def test_a_browser_sends_its_bytes_once(blobs: S3Blobs) -> None:
    target = blobs.upload_target("incoming/1", len(SCAN))
    assert httpx.put(target.url, content=SCAN, headers=target.headers).status_code == 200
    assert httpx.put(target.url, content=b"x" * len(SCAN), headers=target.headers).status_code == 412
    stored = blobs.copy_to_content("incoming/1")
    assert (stored.sha256, blobs.get(stored.key)) == (hashlib.sha256(SCAN).hexdigest(), SCAN)


@pytest.mark.parametrize("sent", [SCAN[:-1], SCAN + b"x", b""])
def test_another_size_than_was_announced_is_refused(blobs: S3Blobs, sent: bytes) -> None:
    target = blobs.upload_target("incoming/1", len(SCAN))
    assert httpx.put(target.url, content=sent, headers=target.headers).status_code == 403
    assert not blobs.exists("incoming/1")


def test_a_link_is_for_its_key_its_verb_and_its_headers_only(blobs: S3Blobs) -> None:
    blobs.put(b"seen by few", "incoming/2")
    target = blobs.upload_target("incoming/1", len(SCAN))
    elsewhere = target.url.replace("incoming/1", "incoming/2")
    without = {name: value for name, value in target.headers.items() if name != "If-None-Match"}
    assert httpx.put(elsewhere, content=SCAN, headers=target.headers).status_code == 403
    assert httpx.put(target.url, content=SCAN, headers=without).status_code == 403
    assert httpx.get(elsewhere).status_code == 403
    assert httpx.delete(target.url).status_code == 403
    assert blobs.get("incoming/2") == b"seen by few"


def test_a_link_ends_with_its_time(aws: AwsServer, blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs.put(SCAN, "incoming/2")
    target = blobs.upload_target("incoming/1", len(SCAN), expires_in=60)
    link = blobs.download_url("incoming/2", "application/pdf", None, expires_in=60)
    assert httpx.get(link).status_code == 200
    now = aws.door.now
    monkeypatch.setattr(aws.door, "now", lambda: now() + timedelta(seconds=61))
    assert httpx.put(target.url, content=SCAN, headers=target.headers).status_code == 403
    assert httpx.get(link).status_code == 403


def test_a_download_has_the_type_and_the_name_that_were_asked_for(blobs: S3Blobs) -> None:
    blobs.put(SCAN, "previews/1")
    got = httpx.get(blobs.download_url("previews/1", "application/pdf", 'مخطط "12".pdf'))
    assert (got.content, got.headers["content-type"]) == (SCAN, "application/pdf")
    disposition = got.headers["content-disposition"]
    assert disposition == "attachment; filename*=UTF-8''%D9%85%D8%AE%D8%B7%D8%B7%20%2212%22.pdf"
    shown = httpx.get(blobs.download_url("previews/1", "image/webp", None))
    assert shown.headers["content-disposition"] == "inline"


def test_links_lead_where_browsers_reach_the_server(aws: AwsServer) -> None:
    inside = open_blobs(aws, public="https://files.marsa.example")
    assert inside.origin == "https://files.marsa.example"
    assert inside.upload_target("incoming/1", 1).url.startswith("https://files.marsa.example/")
    bucket = S3Blobs("s3://scans/town?region=me-south-1", SystemClock())
    assert urlsplit(bucket.origin).netloc.startswith("scans.s3.")


def test_content_is_locked_and_what_can_be_made_again_is_not(aws: AwsServer) -> None:
    bucket = aws.bucket(lock=True)
    blobs = open_blobs(aws, bucket, lock="3650")
    # moto 5.2.5 asks copies for a header that S3 asks of uploads only.
    blobs._copier.meta.events.register(
        "before-sign.s3.CopyObject",
        lambda request, **_: request.headers.add_header("x-amz-sdk-checksum-algorithm", "SHA256"),
    )
    blobs.put(SCAN, "incoming/1")
    for stored in (blobs.put(b"licence"), blobs.copy_to_content("incoming/1")):
        kept = aws.client("s3").head_object(Bucket=bucket, Key=f"town/{stored.key}")
        assert kept["ObjectLockMode"] == "COMPLIANCE"
        left = kept["ObjectLockRetainUntilDate"] - SystemClock().now()
        assert timedelta(days=3649) < left < timedelta(days=3651)
        with pytest.raises(BlobRetained):
            blobs.delete(stored.key)
        assert blobs.exists(stored.key)
    blobs.put(b"licence", "licences/1/2.pdf")
    # One that was signed and never granted is out of sight; nobody can destroy it.
    blobs.delete("licences/1/2.pdf")
    blobs.delete("incoming/1")
    assert not blobs.exists("incoming/1") and not blobs.exists("licences/1/2.pdf")
    versions = aws.client("s3").list_object_versions(Bucket=bucket, Prefix="town/licences/")["Versions"]
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.client("s3").delete_object(
            Bucket=bucket, Key=versions[0]["Key"], VersionId=versions[0]["VersionId"]
        )


def test_large_content_goes_in_parts_and_is_locked(blobs: S3Blobs, aws: AwsServer) -> None:
    """moto 5.2.5 forgets the lock of what came in parts: that it is asked for is all that can be shown here."""
    bucket, asked = aws.bucket(lock=True), []
    locked = open_blobs(aws, bucket, lock="1")
    locked._s3.meta.events.register(
        "before-send.s3.CreateMultipartUpload", lambda request, **_: asked.append(dict(request.headers))
    )
    stored = locked.put(PLAN)
    kept = aws.client("s3").head_object(Bucket=bucket, Key=f"town/{stored.key}")
    assert kept["ETag"].endswith('-2"')
    assert asked[0]["x-amz-object-lock-mode"] == b"COMPLIANCE"
    assert asked[0]["x-amz-object-lock-retain-until-date"]


def test_everything_we_write_is_encrypted_with_our_key(aws: AwsServer) -> None:
    bucket = aws.bucket()
    blobs = open_blobs(aws, bucket, kms="alias/diwan")
    target = blobs.upload_target("incoming/1", len(SCAN))
    assert httpx.put(target.url, content=SCAN, headers=target.headers).status_code == 200
    blobs.put(b"words", "words/v1/1")
    for key in (blobs.put(b"licence").key, blobs.copy_to_content("incoming/1").key, "words/v1/1"):
        kept = aws.client("s3").head_object(Bucket=bucket, Key=f"town/{key}")
        assert (kept["ServerSideEncryption"], kept["SSEKMSKeyId"]) == ("aws:kms", "alias/diwan"), key


def test_s3_is_told_the_digest_to_check(blobs: S3Blobs) -> None:
    """moto 5.2.5 keeps bytes that do not fit their digest; that S3 is told it is all that can be shown here."""
    told: list[bytes] = []

    def remember(request: AWSPreparedRequest, **_: object) -> None:
        told.append(request.headers["x-amz-checksum-sha256"])

    blobs._s3.meta.events.register("before-send.s3.PutObject", remember)
    stored = blobs.put(SCAN)
    assert base64.b64decode(told[0]).hex() == stored.sha256 == hashlib.sha256(SCAN).hexdigest()


@pytest.mark.parametrize("copies_before", [0, 1])
def test_what_another_files_and_removes_meanwhile_is_missing(aws: AwsServer, copies_before: int) -> None:
    """The browser's word that all has come and S3's own meet at the same upload."""
    bucket = aws.bucket()
    blobs, other = open_blobs(aws, bucket), open_blobs(aws, bucket)
    target = blobs.upload_target("incoming/1", len(SCAN))
    httpx.put(target.url, content=SCAN, headers=target.headers).raise_for_status()

    def passes(_: AWSPreparedRequest) -> None:
        return None

    def removed(_: AWSPreparedRequest) -> None:
        other.delete("incoming/1")

    planned = [*[passes] * copies_before, removed]
    with faults(blobs._copier, "CopyObject", *planned) as met, pytest.raises(BlobMissing):
        blobs.copy_to_content("incoming/1")
    assert len(met) == copies_before + 1


def test_no_byte_of_an_upload_comes_to_us_on_its_way_to_its_content(blobs: S3Blobs) -> None:
    blobs.put(SCAN, "incoming/1")
    with faults(blobs._s3, "GetObject", refused(403, "AccessDenied")) as met:
        assert blobs.copy_to_content("incoming/1").sha256 == hashlib.sha256(SCAN).hexdigest()
    assert not met


def test_a_server_that_measures_nothing_is_measured_for(blobs: S3Blobs) -> None:
    blobs.put(SCAN, "incoming/1")

    def forget(parsed: dict[str, Any], **_: object) -> None:
        parsed.get("CopyObjectResult", parsed).pop("ChecksumSHA256", None)

    blobs._copier.meta.events.register("after-call.s3.CopyObject", forget)
    blobs._s3.meta.events.register("after-call.s3.HeadObject", forget)
    stored = blobs.copy_to_content("incoming/1")
    assert (stored.sha256, stored.size) == (hashlib.sha256(SCAN).hexdigest(), len(SCAN))


def test_keys_are_listed_however_many_there_are(blobs: S3Blobs) -> None:
    def few_at_a_time(params: dict[str, Any], **_: object) -> None:
        params["MaxKeys"] = 2

    blobs._s3.meta.events.register("provide-client-params.s3.ListObjectsV2", few_at_a_time)
    for number in range(5):
        blobs.put(b"x", f"words/v1/{number}")
    assert list(blobs.keys("words/")) == [f"words/v1/{number}" for number in range(5)]


def test_an_unknown_option_is_refused(aws: AwsServer) -> None:
    with pytest.raises(StoreUnknown):
        open_blobs(aws, lok="3650")


PASSING: dict[str, Fault] = {
    "throttled": refused(503, "SlowDown"),
    "throttled otherwise": refused(400, "RequestTimeout"),
    "broken": refused(500, "InternalError"),
    "not connected": unheard(ConnectTimeoutError(endpoint_url="there")),
    "no answer": half_done(ReadTimeoutError(endpoint_url="there")),
    "nowhere": unheard(EndpointConnectionError(endpoint_url="there")),
}
CALLS: dict[str, Callable[[S3Blobs], object]] = {
    "PutObject": lambda blobs: blobs.put(b"deed"),
    "PutObject once": lambda blobs: blobs.put_once(b"deed", "certificates/1"),
    "GetObject": lambda blobs: blobs.get("incoming/1"),
    "HeadObject": lambda blobs: blobs.size("incoming/1"),
    "CopyObject": lambda blobs: blobs.copy_to_content("incoming/1"),
    "DeleteObject": lambda blobs: blobs.delete("incoming/2"),
    "ListObjectsV2": lambda blobs: list(blobs.keys("incoming/")),
    "UploadPart": lambda blobs: blobs.put(PLAN),
    "CreateMultipartUpload": lambda blobs: blobs.put(PLAN),
    "CompleteMultipartUpload": lambda blobs: blobs.put(PLAN),
}


def sender(blobs: S3Blobs, operation: str) -> Any:
    """The client that sends it."""
    return blobs._copier if operation == "CopyObject" else blobs._s3


@pytest.mark.parametrize(
    ("call", "fault"),
    [(call, fault) for call in CALLS for fault in PASSING if (call, fault) != ("CopyObject", "no answer")],
)
def test_what_passes_is_tried_again(blobs: S3Blobs, hurried: None, call: str, fault: str) -> None:
    operation = call.partition(" ")[0]
    blobs.put(b"scan", "incoming/1")
    expected = CALLS[call](open_other(blobs))
    with faults(sender(blobs, operation), operation, PASSING[fault]) as met:
        assert CALLS[call](blobs) == expected
    assert len(met) == 1


def open_other(blobs: S3Blobs) -> S3Blobs:
    """Another prefix of the same bucket with the same in it, where nothing goes wrong."""
    other = S3Blobs(
        f"s3://{blobs._bucket}/other?endpoint={blobs._told['endpoint']}&region={blobs._told['region']}",
        SystemClock(),
    )
    other.put(b"scan", "incoming/1")
    return other


# Seconds: API Gateway's patience, without the pauses between three tries.
ENDS_WITHIN = 29 - 3


@pytest.mark.parametrize(
    "call", ["PutObject", "GetObject", "HeadObject", "CopyObject", "DeleteObject", "ListObjectsV2"]
)
def test_a_silent_bucket_is_told_before_the_function_is_killed(
    blobs: S3Blobs, hurried: None, call: str
) -> None:
    client = sender(blobs, call)
    blobs.put(b"scan", "incoming/1")
    silence = unheard(ReadTimeoutError(endpoint_url="there"))
    with faults(client, call, *[silence] * 20) as met, pytest.raises(StoreUnavailable) as told:
        CALLS[call](blobs)
    assert (told.value.data["operation"], told.value.data["reason"]) == (call, "ReadTimeoutError")
    assert 0 < len(met) * (client.meta.config.connect_timeout + client.meta.config.read_timeout) < ENDS_WITHIN


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("fault", "refusal", "reason"),
    [
        (refused(503, "SlowDown"), StoreUnavailable, "SlowDown"),
        (unheard(ReadTimeoutError(endpoint_url="there")), StoreUnavailable, "ReadTimeoutError"),
        (refused(403, "AccessDenied"), StoreDenied, "AccessDenied"),
        (refused(403, "RequestTimeTooSkewed"), ClockWrong, "RequestTimeTooSkewed"),
    ],
)
def test_what_does_not_pass_is_refused_with_its_reason(
    blobs: S3Blobs, hurried: None, call: str, fault: Fault, refusal: type[StoreUnavailable], reason: str
) -> None:
    operation = call.partition(" ")[0]
    blobs.put(b"scan", "incoming/1")
    if operation == "HeadObject" and refusal is ClockWrong:
        refusal = StoreDenied
    with faults(sender(blobs, operation), operation, *[fault] * 20) as met, pytest.raises(refusal) as told:
        CALLS[call](blobs)
    assert met
    assert told.value.data["operation"] == operation
    assert told.value.data["reason"] in (reason, "503", "403")
    # An answer to HEAD has no body to give its reason in; in all others it is told.
    assert told.value.data["reason"] == reason or operation == "HeadObject"
    assert blobs.get("incoming/1") == b"scan"
    assert list(blobs.keys()) == ["incoming/1"]
    assert CALLS[call](blobs) == CALLS[call](open_other(blobs))


def test_a_body_that_breaks_off_is_no_blob(tmp_path: Path) -> None:
    class BreaksOff(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"half of it")
            self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), BreaksOff) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = f"http://127.0.0.1:{server.server_port}"
        blobs = S3Blobs(f"s3://bucket?endpoint={there}&region=eu-central-1", SystemClock())
        with pytest.raises(StoreUnavailable):
            blobs.get("incoming/1")
        with pytest.raises(StoreUnavailable), blobs.local_path("incoming/1"):
            pytest.fail("half a file was handed out")
        server.shutdown()


def test_a_clock_that_is_wrong_is_told(
    aws: AwsServer, blobs: S3Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = aws.door.now
    monkeypatch.setattr(aws.door, "now", lambda: now() + timedelta(hours=1))
    with pytest.raises(ClockWrong):
        blobs.put(b"deed")
    monkeypatch.undo()
    assert blobs.put(b"deed").key == content_key(hashlib.sha256(b"deed").hexdigest())


def test_nobody_who_may_not_is_told_there_is_nothing(blobs: S3Blobs) -> None:
    """A store that refuses to answer must not be taken for an empty one: what is there would be written again."""
    with faults(blobs._s3, "HeadObject", refused(403, "AccessDenied")), pytest.raises(StoreDenied):
        blobs.exists("incoming/1")


def test_two_who_write_at_the_same_moment(blobs: S3Blobs) -> None:
    conflict = refused(409, "ConditionalRequestConflict")
    with faults(blobs._s3, "PutObject", conflict, conflict) as met:
        assert blobs.put_once(b"mine", "certificates/1") == b"mine"
    assert len(met) == 2
    with faults(blobs._s3, "PutObject", *[conflict] * 9), pytest.raises(StoreUnavailable):
        blobs.put_once(b"mine", "certificates/2")
