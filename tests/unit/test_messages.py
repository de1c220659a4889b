"""Texts to people: what they cost, and that every template is whole in both languages."""

import json
from pathlib import Path
from string import Template

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.embedded.outbox_folder import OutboxFolder
from chalicelib.notifications import rules
from chalicelib.notifications.errors import MessageUnknown
from chalicelib.notifications.texts import Texts
from chalicelib.ports.messages import Message

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "messages"
TEMPLATES = sorted(path.name.removesuffix(".txt") for path in (FOLDER / "ar").glob("*.txt"))

# The longest real values: a long municipality, a long service, a link with a 26-character id.
LONG = {
    "ar": {
        "code": "938271",
        "minutes": "5",
        "number": "R-2026-000123",
        "service": "تجديد ترخيص صحي",
        "amount": "1,010.500 د.ك",
        "receipt": "MARSA-ALNOOR-2026-000123",
        "until": "30 نوفمبر 2027",
        "link": "https://diwan.marsa-alnoor.gov.example/applications/01jd2m8w9rk5v7xq3hyt6bnzca",
        "municipality": "بلدية مرسى النور",
    },
    "en": {
        "code": "938271",
        "minutes": "5",
        "number": "R-2026-000123",
        "service": "Health licence renewal",
        "amount": "KWD 1,010.500",
        "receipt": "MARSA-ALNOOR-2026-000123",
        "until": "30 September 2027",
        "link": "https://diwan.marsa-alnoor.gov.example/applications/01jd2m8w9rk5v7xq3hyt6bnzca",
        "municipality": "Marsa Al-Noor Municipality",
    },
}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ا" * 70, 1),
        ("ا" * 71, 2),
        ("ا" * 134, 2),
        ("ا" * 135, 3),
        ("a" * 70 + "ا", 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_counts_the_parts_an_sms_is_charged(text: str, parts: int) -> None:
    assert rules.sms_parts(text) == parts


@given(st.text(max_size=300), st.text(max_size=50))
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert rules.sms_parts(text + more) >= rules.sms_parts(text)


def test_a_message_that_was_taken_is_not_handed_over_again() -> None:
    for taken in ("sent", "delivered"):
        assert {state for state in rules.EDGES if rules.may_follow(state, taken)} <= {"delivered", "failed"}
    assert rules.may_follow("sending", "sending")


def test_both_languages_have_the_same_messages_with_the_same_values() -> None:
    english = sorted(path.name.removesuffix(".txt") for path in (FOLDER / "en").glob("*.txt"))
    assert english == TEMPLATES
    for name in TEMPLATES:
        wanted = [
            set(Template((FOLDER / language / f"{name}.txt").read_text("utf-8")).get_identifiers())
            for language in ("ar", "en")
        ]
        assert wanted[0] == wanted[1], name


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_with_long_real_values_a_message_is_whole_and_short(name: str, language: str) -> None:
    template, _, channel = name.partition(".")
    text = Texts(FOLDER).write(template, channel, language, LONG[language])
    assert "$" not in text.body + (text.subject or "")
    assert (text.subject is not None) == (channel == "email")
    if channel == "sms":
        assert rules.sms_parts(text.body) <= rules.LONGEST_SMS
    if template == "sign_in_code":
        assert rules.sms_parts(text.body) == 1


def test_what_people_typed_makes_no_new_lines_and_no_new_values() -> None:
    args = {**LONG["ar"], "number": "1\r\nBcc: x@y.example", "service": "$code"}
    text = Texts(FOLDER).write("licence_issued", "email", "ar", args)
    assert text.subject is not None
    assert "\n" not in text.subject
    assert "$code" in Texts(FOLDER).write("application_received", "sms", "ar", args).body


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts(FOLDER).write("sign_in_code", "sms", "ar", {"minutes": "5"})


@pytest.mark.parametrize("name", ["../../licences/licence", "nothing", "sign_in_code.sms"])
def test_there_is_no_text_outside_the_folder(name: str) -> None:
    with pytest.raises(MessageUnknown):
        Texts(FOLDER).write(name, "sms", "ar", LONG["ar"])


SMS = Message("01jd", "sms", "+96550001101", "ar", None, "رمز دخولك: ١٢٣")


def test_an_sms_is_two_files_and_the_same_ones_again(tmp_path: Path) -> None:
    carrier = OutboxFolder(tmp_path, "service@marsa.example")
    assert carrier.send(SMS) == carrier.send(SMS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01jd.json", "01jd.txt"]
    assert json.loads((tmp_path / "01jd.json").read_text("utf-8"))["text"] == SMS.text
    assert (tmp_path / "01jd.txt").read_text("utf-8") == SMS.text
