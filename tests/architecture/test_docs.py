"""Every link from one page of ours to another leads somewhere."""

import re
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
EXAMPLE = re.compile(r"```.*?```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)")


def test_every_link_leads_to_a_file() -> None:
    pages = [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
    links = [
        (page, target)
        for page in pages
        for target in LINK.findall(EXAMPLE.sub("", page.read_text(encoding="utf-8")))
    ]
    assert links
    assert [f"{page.name}: {target}" for page, target in links if not (page.parent / target).exists()] == []
