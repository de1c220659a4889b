"""What is longer than its field allows is answered in the reader's language, kept as it was typed, changes nothing."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from chalicelib.archive.models import Document
from chalicelib.archive.rules import OWNER_LIMIT, TITLE_LIMIT
from chalicelib.identity.permissions import ROLES, Permission
from chalicelib.kernel.errors import FieldTooLong
from chalicelib.licensing.service import CHANGE_LIMIT
from chalicelib.web.application import all_routes
from chalicelib.web.routing import Route
from tests.town import Town, fresh_key
from tests.web.test_renewal_pages import begin, confirm
from tests.web_browser import Answer

TOO_LONG = {
    "ar": "النص أطول مما يتسع له هذا الحقل. اكتبه في {} حرف على الأكثر.",
    "en": "This is longer than the field allows. Write it in {} characters at most.",
}


def models(of: Any) -> Iterator[Any]:
    """A body's model, or those it may be any of."""
    if hasattr(of, "model_fields") and "root" not in of.model_fields:
        yield of
    else:
        for part in getattr(of.model_fields["root"].annotation, "__args__", ()):
            yield from models(part)


def bounded() -> list[tuple[Route, str, int]]:
    """Every field of the API that may hold so many characters and no more, from the routes themselves."""
    return [
        (route, name, limit)
        for route in all_routes()
        if route.body is not None
        for model in models(route.body)
        for name, field in model.model_fields.items()
        for bound in field.metadata
        if (limit := getattr(bound, "max_length", None))
    ]


def who(route: Route) -> str | None:
    """Somebody who may."""
    if route.permission is Permission.PUBLIC:
        return None
    return next(role for role in ("citizen", "clerk", "admin") if route.permission in ROLES[role])


def said(answer: Answer) -> str:
    """A page without the marks that hold directions apart."""
    return re.sub("[\u2068\u2069]", "", answer.text)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_program_is_told_in_its_language(shared_town: Town, language: str) -> None:
    words = shared_town.diwan.pages.localisation(language)
    asked = bounded()
    assert {"title", "owner", "change", "civil_id", "password", "token"} <= {name for _, name, _ in asked}
    for route, name, limit in asked:
        acting = shared_town.bearer(role) if (role := who(route)) else {}
        answer = shared_town.visitor().call(
            route.method, route.path.replace("{", "").replace("}", ""), {name: "ع" * (limit + 1)},
            **acting, **fresh_key(), **{"Accept-Language": language},
        )  # fmt: skip
        assert answer.status == 422, (route.path, name)
        told = [wrong["detail"] for wrong in answer.json["errors"] if wrong["field"].split(".")[-1] == name]
        # Of a body that may be one of two the other has something to say as well.
        expected = [words.refusal(FieldTooLong(limit=limit)), words.text("refusal-field-unknown")]
        assert expected[0] in told and set(told) <= set(expected), (route.path, name, told)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_sentence_of_the_library_reaches_anybody(shared_town: Town, language: str) -> None:
    answer = shared_town.visitor().call(
        "POST", "/api/v1/uploads", {"filename": "", "size": "much", "title": 7, "colour": "red"},
        **shared_town.bearer("clerk"), **fresh_key(), **{"Accept-Language": language},
    )  # fmt: skip
    words = shared_town.diwan.pages.localisation(language)
    told = {wrong["field"]: (wrong["code"], wrong["detail"]) for wrong in answer.json["errors"]}
    assert told == {
        "filename": ("string_too_short", words.text("refusal-field-missing")),
        "size": ("int_parsing", words.text("refusal-field-malformed")),
        "title": ("string_type", words.text("refusal-field-malformed")),
        "colour": ("extra_forbidden", words.text("refusal-field-unknown")),
    }


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_clerk_without_scripts_is_told_and_keeps_what_was_typed(town: Town, language: str) -> None:
    clerk = town.staff("clerk")
    clerk.get(f"/staff/upload?lang={language}")
    typed = {
        "parcel": "MN-3-9999",
        "year": "1700",
        "title": "ع" * (TITLE_LIMIT + 1),
        "owner": "م" * (OWNER_LIMIT + 1),
    }
    answer = clerk.submit("/staff/upload", "/staff/upload", typed)
    assert answer.status == 422
    for limit in (TITLE_LIMIT, OWNER_LIMIT):
        assert said(answer).count(TOO_LONG[language].format(limit)) == 2  # on top, and beside the field
    assert re.findall(r'<li><a href="#field-(\w+)"', answer.text) == [
        "kind",
        "parcel",
        "year",
        "title",
        "owner",
    ]
    title = {"ar": "العنوان", "en": "Title"}[language]
    assert f'<a href="#field-title">{title}: {TOO_LONG[language].format(TITLE_LIMIT)}</a>' in said(answer)
    assert f'value="{typed["title"]}"' in answer.text and f'value="{typed["owner"]}"' in answer.text
    with town.diwan.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(Document)) == 0


def test_a_holder_who_writes_much_is_told_and_nothing_is_cut(town: Town) -> None:
    citizen = town.citizen()
    address = begin(citizen)
    typed = "ع" * (CHANGE_LIMIT + 1)
    answer = confirm(citizen, address, unchanged="no", change=typed)
    assert answer.status == 422
    assert TOO_LONG["ar"].format("1,000") in said(answer)
    assert f">{typed}</textarea>" in answer.text
    assert confirm(citizen, address, unchanged="no", change=typed[1:]).status == 303
    assert f">{typed[1:]}</textarea>" in citizen.get(address).text


@pytest.mark.parametrize("path", ["/track", "/verify"])
def test_a_long_number_is_kept_as_it_was_typed(shared_town: Town, path: str) -> None:
    typed = "HL-2024-" + "0" * 200
    answer = shared_town.visitor().get(f"{path}?number={typed}")
    assert answer.status == 404 and f'value="{typed}"' in answer.text


def test_whoever_signs_in_with_too_much_is_only_refused(town: Town) -> None:
    visitor, much = town.visitor(), "9" * 5000
    citizen = visitor.submit("/sign-in", "/sign-in", {"civil_id": much})
    assert citizen.status == 422 and f'value="{much}"' in citizen.text
    staff = visitor.submit(
        "/staff/sign-in", "/staff/sign-in", {"email": f"{much}@a.example", "password": much, "totp": much}
    )
    assert staff.status == 422 and f'value="{much}@a.example"' in staff.text
