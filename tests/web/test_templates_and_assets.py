"""The pictures and files that pages are made of: none missing, none stale, none from another host."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").glob("pages/*.html")) + sorted(
    [ROOT / "templates" / "layout.html", *(ROOT / "templates" / "components").iterdir()]
)
VENDOR: dict[str, str] = json.loads((ROOT / "static" / "vendor.json").read_text("utf-8"))
DRAWN = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text("utf-8")))


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_templates_hold_nothing_that_the_content_policy_refuses(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\shx-on", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"(?:src|href|action)=[\"']?(?:https?:)?//", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_every_icon_is_in_the_sprite(template: Path) -> None:
    text = template.read_text("utf-8")
    used = set(re.findall(r"""\b(?:icon|icon_name=)\(?["']([a-z0-9-]+)["']""", text))
    assert used <= DRAWN, "add the name to static/icons.mjs, then: npm run icons"


def test_every_state_with_a_look_has_a_word_and_an_icon() -> None:
    facts = (ROOT / "templates" / "components" / "facts.html").read_text("utf-8")
    looks = re.findall(r'"([a-z-]+)": \("([a-z]+)", "([a-z0-9-]+)"\)', facts)
    assert len(looks) > 30
    words = "".join(file.read_text("utf-8") for file in (ROOT / "templates" / "locale" / "ar").glob("*.ftl"))
    assert {state for state, _, _ in looks} <= set(re.findall(r"^state-([a-z-]+) =", words, re.MULTILINE))
    assert {icon for _, _, icon in looks} <= DRAWN


def test_the_style_sheet_names_its_files_by_their_content() -> None:
    urls = re.findall(r'url\("([^"]+)"\)', (ROOT / "static" / "diwan.css").read_text("utf-8"))
    assert urls
    for url in urls:
        name, _, given = url.partition("?v=")
        file = (
            ROOT / "node_modules" / VENDOR[name[7:]] if name.startswith("vendor/") else ROOT / "static" / name
        )
        assert given == fingerprint(file), f"write {name}?v={fingerprint(file)} in static/diwan.css"


def test_third_party_files_are_installed_and_come_from_no_named_registry() -> None:
    assert all((ROOT / "node_modules" / file).is_file() for file in VENDOR.values())
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")


def test_a_page_without_its_fonts_weighs_less_than_100_kilobytes() -> None:
    files = [
        *(ROOT / "static" / name for name in ("diwan.css", "app.js", "upload.js", "icons.svg")),
        *(ROOT / "node_modules" / VENDOR[name] for name in ("bootstrap.rtl.min.css", "htmx.min.js")),
    ]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 90_000
