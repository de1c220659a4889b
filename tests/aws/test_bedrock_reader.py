"""A page read by a model of Bedrock: what is asked, what is believed of the answer, and what becomes of refusals."""

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from chalicelib.adapters.aws.bedrock_jobs import BedrockJobs
from chalicelib.adapters.aws.bedrock_reader import BedrockReader, handler
from chalicelib.adapters.by_url import outside_reader_at
from chalicelib.ports.stores import StoreUnavailable, StoreUnknown
from ocr import presigned
from tests.aws_server import AwsServer, faults, unheard
from tests.bedrock_server import Bedrock, Refused, bedrock_server, function_woken_by, reader_url

LINE = {"text": "رقم القسيمة ٤٧١٥", "box": [0.5, 0.1, 1.0, 0.2], "confidence": 88.0}
SAID = json.dumps({"lines": [LINE]}, ensure_ascii=False)
SECRET = "اسم المواطن"
GARBAGE = [
    "", "I cannot help with this.", "{", "}{", "[]", "{}", '{"lines": null}', '{"lines": {"text": "a"}}',
    '{"lines": ["a"]}', '{"lines": [{"text": "a"}]}', '{"lines": [{"text": 7, "box": [0, 0, 1, 1]}]}',
    '{"lines": [{"text": "a", "box": [0, 0, 1]}]}', '{"lines": [{"text": "a", "box": [0, 0, 100, 7]}]}',
    '{"lines": [{"text": "a", "box": [0, 0, NaN, 1]}]}', '{"lines": [{"text": "a", "box": ["0", 0, 1, 1]}]}',
    '{"lines": [{"text": "a", "box": [0, 0, 1, 1], "confidence": 101}]}',
    '{"lines": [{"text": "\\ud800", "box": [0, 0, 1, 1]}]}',
    '{"lines": [{"text": "' + "ل" * 2_001 + '", "box": [0, 0, 1, 1]}]}',
    json.dumps({"lines": [{"text": "a", "box": [0, 0, 1, 1]}] * 5_001}),
    json.dumps({"lines": [{"text": "ل" * 1_500, "box": [0, 0, 1, 1]}] * 900}, ensure_ascii=False),
    '{"lines":' + "[" * 100_000, '{"lines": []} and {"lines": []}',
]  # fmt: skip


class Town:
    """A bucket with one picture in it, and the function without what wakes it."""

    def __init__(self, aws: AwsServer, bedrock: Bedrock) -> None:
        self.aws, self.bedrock = aws, bedrock
        self.bucket = aws.bucket()
        self.url = reader_url(aws, bedrock, self.bucket)
        self.reader = BedrockReader(self.url)
        self.put(b"a picture")

    def put(self, picture: bytes) -> None:
        self.aws.client("s3").put_object(
            Bucket=self.bucket, Key="transient/outside/one/picture", Body=picture
        )

    def answered(self) -> Any:
        """The answer that the function leaves, or None."""
        self.reader.answer(self.bucket, "one")
        return self.left()

    def left(self) -> Any:
        with suppress(ClientError):
            found = self.aws.client("s3").get_object(Bucket=self.bucket, Key="transient/outside/one/answer")
            return json.loads(found["Body"].read())
        return None


@pytest.fixture
def town(aws: AwsServer, hurried: None) -> Iterator[Town]:
    with bedrock_server(lambda _: SAID) as bedrock:
        yield Town(aws, bedrock)


def refuses(town: Town, *errors: Refused) -> None:
    """The next times it is asked the model answers with these, and then with the line."""
    waiting = list(errors)

    def said(_: bytes) -> str:
        if waiting:
            raise waiting.pop(0)
        return SAID

    town.bedrock.says = said


def test_asks_the_model_of_the_settings_about_the_picture_and_nothing_else(town: Town) -> None:
    assert town.answered() == {"lines": [LINE]}
    assert town.bedrock.paths == ["/model/town.sees-v1%3A0/converse"]
    (asked,) = town.bedrock.asked
    assert town.bedrock.pictures() == [b"a picture"]
    assert asked["messages"][0]["content"][0]["image"]["format"] == "webp"
    assert asked["inferenceConfig"]["temperature"] == 0
    assert town.bucket not in json.dumps(asked)


def test_takes_the_json_out_of_what_is_said_around_it_and_no_more_than_it_asked_for(town: Town) -> None:
    told = {"lines": [{**LINE, "note": SECRET, "confidence": None}], "thoughts": [SECRET]}
    town.bedrock.says = lambda _: f"Of course!\n```json\n{json.dumps(told)}\n```\nAnything else?"
    assert town.answered() == {"lines": [{"text": LINE["text"], "box": LINE["box"]}]}


def test_garbage_is_an_answer_without_lines(town: Town) -> None:
    believed = []
    for said in GARBAGE:
        town.bedrock.says = lambda _, said=said: said
        if town.answered() != {"lines": []}:
            believed.append(said[:80])
    assert believed == []
    assert len(town.bedrock.asked) == len(GARBAGE)


@pytest.mark.parametrize("stopped", ["content_filtered", "guardrail_intervened", "max_tokens"])
def test_what_broke_off_is_not_believed(town: Town, stopped: str) -> None:
    town.bedrock.stops = stopped
    assert town.answered() == {"lines": []}


@pytest.mark.parametrize(
    "refused",
    [
        Refused(403, "AccessDeniedException"),
        Refused(400, "ValidationException"),
        Refused(404, "ResourceNotFoundException"),
        Refused(424, "ModelErrorException"),
    ],
)
def test_a_refusal_is_an_answer_without_lines_at_once(town: Town, refused: Refused) -> None:
    refuses(town, refused)
    assert town.answered() == {"lines": []}
    assert len(town.bedrock.asked) == 1


@pytest.mark.parametrize(
    "later",
    [
        Refused(429, "ThrottlingException"), Refused(429, "ModelNotReadyException"),
        Refused(408, "ModelTimeoutException"), Refused(500, "InternalServerException"),
        Refused(503, "ServiceUnavailableException"),
    ],
)  # fmt: skip
def test_too_busy_or_too_slow_is_tried_again(town: Town, later: Refused) -> None:
    refuses(town, *[later] * 9)
    with pytest.raises(StoreUnavailable) as raised:
        town.reader.answer(town.bucket, "one")
    assert raised.value.data["reason"] == later.code
    assert town.left() is None
    refuses(town)
    assert town.answered() == {"lines": [LINE]}


def test_silence_is_tried_again(town: Town) -> None:
    nobody = unheard(EndpointConnectionError(endpoint_url="there"))
    slow = unheard(ReadTimeoutError(endpoint_url="there"))
    with faults(town.reader._bedrock, "Converse", slow, nobody) as met:
        with pytest.raises(StoreUnavailable):
            town.reader.answer(town.bucket, "one")
        assert len(met) == 2
        assert town.left() is None
        assert town.answered() == {"lines": [LINE]}


def test_a_picture_answered_after_the_function_failed_once_reaches_the_worker(town: Town) -> None:
    refuses(town, *[Refused(429, "ThrottlingException")] * 3)
    put, get = BedrockJobs(town.url)()
    with function_woken_by(town.aws, town.bucket, town.url) as events:
        presigned.put(put, b"another", "image/webp")
        content = _awaited(get)
    assert json.loads(content) == {"lines": [LINE]}
    assert len(events) == 1  # the answer woke nobody
    assert town.bedrock.pictures() == [b"another"] * 4


def _awaited(address: str) -> bytes:
    pause = threading.Event()  # `hurried` stops time.sleep for all
    until = time.monotonic() + 20
    while (content := presigned.get(address, 1_000)) is None:
        assert time.monotonic() < until
        pause.wait(0.1)
    return content


def test_only_pictures_below_the_prefix_are_taken(town: Town) -> None:
    """The bucket's own filter says so, too; a wrong one must not have the model asked about answers without end."""
    keys = ("transient/outside/one/answer", "incoming/one/picture", "town/transient/outside/one/picture")
    records = [{"s3": {"bucket": {"name": town.bucket}, "object": {"key": key}}} for key in keys]
    with function_woken_by(town.aws, town.bucket, town.url):
        handler({"Records": records}, None)
    assert town.left() is None
    assert town.bedrock.asked == []


def test_a_job_told_twice_is_answered_twice_alike(town: Town) -> None:
    assert town.answered() == town.answered() == {"lines": [LINE]}


def test_a_picture_that_is_gone_or_too_large_is_shown_to_nobody(town: Town) -> None:
    town.reader.answer(town.bucket, "none")
    town.put(bytes(3_750_001))
    assert town.answered() == {"lines": []}
    assert town.bedrock.asked == []


def test_no_line_of_the_log_has_what_was_read(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "diwan")
    for said in (json.dumps({"lines": [{**LINE, "text": SECRET}]}), f'{{"lines": "{SECRET}"}}', SECRET):
        town.bedrock.says = lambda _, said=said: said
        town.answered()
    assert [(record.__dict__["picture"], record.__dict__["reason"]) for record in caplog.records] == [
        ("one", None), ("one", "not-the-answer-asked-for"), ("one", "not-the-answer-asked-for"),
    ]  # fmt: skip
    assert not any(SECRET in str(record.__dict__) or record.exc_info for record in caplog.records)


def test_addresses_are_for_one_picture_below_the_prefix_that_is_cleared(town: Town) -> None:
    jobs = BedrockJobs(town.url)
    (put, get), (other, _) = jobs(), jobs()
    assert urlsplit(put).path.startswith(f"/{town.bucket}/transient/outside/")
    assert urlsplit(get).path == urlsplit(put).path.removesuffix("picture") + "answer"
    assert urlsplit(put).path != urlsplit(other).path
    assert presigned.get(get, 1_000) is None


@pytest.mark.parametrize(
    "url",
    [
        "bedrock://town.sees-v1:0",
        "bedrock://?bucket=b",
        "bedrock://m?bucket=b&buckett=c",
        "ftp://desk",
        "desk",
    ],
)
def test_a_setting_that_nobody_understands_is_refused(url: str) -> None:
    with pytest.raises(StoreUnknown):
        outside_reader_at(url, below=60)


def test_the_worker_needs_no_library_for_pictures() -> None:
    """Functions of AWS have none: neither numpy nor Pillow is deployed."""
    without = (
        "import sys; sys.modules.update(numpy=None, PIL=None); from chalicelib.adapters.by_url import *; "
    )
    asked = without + "outside_reader_at('bedrock://m?bucket=b', 60)"
    subprocess.run([sys.executable, "-c", asked], check=True)
