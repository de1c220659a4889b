"""A clerk files scans, good and bad, over a line that breaks: each file tells how far it is and why it stopped."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from samples.bad import make_bad
from tests.journeys.conftest import OpenWindow
from tests.journeys.site import SAMPLES, SCANS, Site
from tests.journeys.visit import PATIENCE, Window, axe, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TWO_PAGES = SAMPLES / "scans" / "correspondence-RD-5-0344.pdf"
BAD = {
    "zero-byte": (make_bad.zero_byte, "الملف فارغ"),
    "truncated": (make_bad.truncated_pdf, "مقطوع أو تالف"),
    "password-protected": (make_bad.password_protected_pdf, "محمي بكلمة مرور"),
    "zip-named": (make_bad.zip_named_pdf, "اسم الملف يقول إنه من نوع"),
    "huge": (make_bad.huge_png, "أبعاد الصفحة أكبر"),
}


def desk(window: OpenWindow, site: Site, width: str = "desk") -> Window:
    """The clerk's page of intake, its script at work."""
    visit = window(width, "ar", site.staff_session("clerk"))
    page = visit.open("/staff/upload")
    expect(page.locator("form.upload.is-live")).to_be_visible()
    page.locator("#field-kind").select_option("correspondence")
    return visit


def drop(page: Page, *files: Path) -> None:
    """Let files fall on the zone, as a clerk drags them from a folder."""
    page.evaluate("window.dropped = new DataTransfer()")
    for file in files:
        page.evaluate(
            """([name, content]) => dropped.items.add(new File(
                [Uint8Array.from(atob(content), c => c.charCodeAt(0))], name, { lastModified: name.length }))""",
            [file.name, _base64(file)],
        )
    page.evaluate(
        """() => document.querySelector(".upload-zone").dispatchEvent(
            new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }))"""
    )


def row(page: Page, name: str) -> Locator:
    """The queue's row of a file."""
    return page.locator("[data-upload-queue] > li", has=page.get_by_text(Path(name).stem))


def test_good_and_bad_files_dropped_together(site: Site, window: OpenWindow, tmp_path: Path) -> None:
    page = desk(window, site).page
    bad = {make(tmp_path).name: why for make, why in BAD.values()}
    duplicate = make_bad.duplicate(tmp_path)
    page.locator("#field-parcel").fill(" rd ٥ ٣٤٤ ")
    page.locator("#field-year").fill("٢٠١٩")
    drop(page, TWO_PAGES, *(tmp_path / name for name in bad), duplicate)
    expect(page.locator("[data-upload-queue] > li")).to_have_count(len(bad) + 2)
    page.locator("[data-upload-plain] button").click()

    def state(name: str, wanted: str) -> None:
        expect(row(page, name)).to_have_attribute("data-state", wanted, timeout=PATIENCE)

    state("zero-byte.pdf", "refused")
    expect(row(page, "zero-byte.pdf").locator(".file-state")).to_contain_text("الملف فارغ (صفر بايت)")
    state(TWO_PAGES.name, "done")
    state(duplicate.name, "duplicate")
    for name in bad.keys() - {"zero-byte.pdf"}:
        state(name, "unread")  # kept as it came; the reader says no
        expect(row(page, name).locator(".file-state")).to_contain_text(bad[name])
    expect(page.locator("[data-upload-summary]")).to_have_text("حُفظ 2 من 7، ولم يُقبل 5")
    axe(page)

    # Each document tells how its reading goes, page by page, without anybody pressing anything.
    for name, why in bad.items():
        if name != "zero-byte.pdf":
            line = page.locator("#documents tr", has_text=name)
            expect(line.locator(".tag")).to_have_text("لم يُقبل", timeout=2 * PATIENCE)
            expect(line).to_contain_text(why)
    read = page.locator("#documents tr", has_text=TWO_PAGES.name)
    expect(read.locator(".tag")).to_contain_text("مقروء", timeout=2 * PATIENCE)
    expect(read.locator("td.number")).to_have_text("2")
    expect(read).to_contain_text("RD-5-0344")
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)

    # The refused one, opened: the reason, and what to do next.
    page.locator("#documents tr", has_text="password-protected").locator("a").first.click()
    page.wait_for_url("**/staff/documents/*")
    expect(page.locator(".notice-danger")).to_contain_text("أزل كلمة المرور")
    axe(page)
    fits(page)
    # Nothing half saved: the empty file is nowhere.
    assert site.count("documents WHERE filename = 'zero-byte.pdf'") == 0


def test_unknown_parcel_suggests_and_keeps_everything(site: Site, window: OpenWindow) -> None:
    page = desk(window, site).page
    page.locator("#field-parcel").fill("MN-3-0129")
    page.locator("#field-title").fill("كتاب وارد")
    drop(page, SAMPLES / "scans" / SCANS[0])  # filed when the site began
    page.locator("[data-upload-plain] button").click()
    line = row(page, SCANS[0])
    expect(line).to_have_attribute("data-state", "refused", timeout=PATIENCE)
    expect(line.locator(".file-state")).to_contain_text("MN-3-012")
    expect(page.locator("#field-title")).to_have_value("كتاب وارد")
    page.locator("#field-parcel").fill("MN-3-0127")
    page.locator("[data-upload-plain] button").click()
    expect(line).to_have_attribute("data-state", "duplicate", timeout=PATIENCE)
    expect(line.locator(".file-state")).to_contain_text(
        "محفوظ من قبل بوصفه «\u2068رخصة بناء\u2069»، ولم يُسجَّل مرة ثانية"
    )
    axe(page)
    line.locator(".file-open").click()
    page.wait_for_url(f"**/staff/documents/{site.documents[SCANS[0]]}")
    assert "MN-3-0127" in page.inner_text(".facts")


def test_a_file_that_was_kept_can_be_sent_for_another_parcel(site: Site, window: OpenWindow) -> None:
    page = desk(window, site).page
    scan = SAMPLES / "scans" / SCANS[0]  # filed when the site began, for neither of these
    lines = row(page, scan.name)
    for sent, (parcel, said) in enumerate(
        [
            ("MN-3-0121", "سُجّلت الوثيقة هنا"),
            ("MN-3-0122", "سُجّلت الوثيقة هنا"),
            ("MN-3-0122", "لم يُسجَّل مرة ثانية"),
        ],
        1,
    ):
        page.locator("#field-parcel").fill(parcel)
        for _ in range(2):  # the second by a slip
            page.locator("#field-files").set_input_files(scan)
        expect(lines).to_have_count(sent)
        page.locator("[data-upload-plain] button").click()
        expect(lines.last.locator(".file-state")).to_contain_text(said, timeout=PATIENCE)


def test_numbers_in_a_sentence_stay_whole_and_in_its_order(site: Site, window: OpenWindow) -> None:
    page = desk(window, site, "phone").page
    page.locator("#field-parcel").fill("MN-3-9999")
    page.locator("#field-files").set_input_files(TWO_PAGES)
    page.locator("[data-upload-plain] button").click()
    said = row(page, TWO_PAGES.name).locator(".file-state")
    expect(said).to_contain_text("أقرب الأرقام", timeout=PATIENCE)
    numbers = [  # each where it begins: from the top, and from the right edge
        one.evaluate("e => [...e.getClientRects()].map((r) => [Math.round(r.top), Math.round(-r.right)])")
        for one in said.locator(".whole").all()
    ]
    assert len(numbers) >= 3 and [len(places) for places in numbers] == [1] * len(numbers)
    assert numbers == sorted(numbers)
    fits(page)


def test_a_reading_that_stops_is_told_and_can_be_asked_for_again(site: Site, window: OpenWindow) -> None:
    page = desk(window, site).page
    page.locator("#field-title").fill("كتاب توقفت قراءته")
    page.locator("#field-files").set_input_files(SAMPLES / "scans" / SCANS[1])
    with site.no_reading():
        page.locator("[data-upload-plain] button").click()
        line = row(page, SCANS[1])
        expect(line).to_have_attribute("data-state", "stopped", timeout=PATIENCE)
        expect(line.locator(".file-state")).to_contain_text("توقفت قراءته قبل تمامها")
    listed = page.locator("#documents tr", has_text="كتاب توقفت قراءته")
    expect(listed.locator(".tag")).to_have_text("توقفت", timeout=PATIENCE)
    axe(page)
    listed.get_by_role("link", name="أعد قراءتها من صفحتها").click()
    page.get_by_role("button", name="اقرأها من جديد").click()
    expect(page.locator(".facts .tag")).to_contain_text("مقروء", timeout=2 * PATIENCE)


def test_a_refusal_speaks_the_pages_language_and_names_its_fields(site: Site, window: OpenWindow) -> None:
    # An English browser in which nobody chose a language: the page is Arabic.
    visit = window("desk", "en", site.staff_session("clerk"), cookies={"diwan_language": ""})
    page = visit.open("/staff/upload")
    page.locator("#field-kind").select_option("correspondence")
    page.locator("#field-parcel").fill("قسيمة")
    page.locator("#field-year").fill("قديم")
    drop(page, TWO_PAGES)
    page.locator("[data-upload-plain] button").click()
    said = row(page, TWO_PAGES.name).locator(".file-state")
    expect(said).to_contain_text("القسيمة: «\u2068قسيمة\u2069» ليس رقم قسيمة", timeout=PATIENCE)
    expect(said).to_contain_text("السنة: اكتب سنة بين \u20681850\u2069")
    assert not re.search("[a-z]{3}", said.inner_text())


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("ar", "اختر نوع الوثيقة من القائمة."), ("en", "Choose the kind of document from the list.")],
)
def test_a_kind_that_was_not_chosen_is_asked_for_before_anything_is_sent(
    language: str, sentence: str, site: Site, window: OpenWindow
) -> None:
    visit = window("desk", language, site.staff_session("clerk"))
    page = visit.open("/staff/upload")
    expect(page.locator("form.upload.is-live")).to_be_visible()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/api/v1/uploads" in request.url else None)
    field, send = page.locator("#field-kind"), page.locator("[data-upload-plain] button")
    drop(page, TWO_PAGES)
    page.locator("#field-parcel").fill("MN-3-0121")
    for _ in range(2):
        send.click()
        expect(field).to_be_focused()
        expect(page.locator(".field .error")).to_have_count(1)
    expect(page.locator("#error-kind")).to_contain_text(sentence)
    expect(field).to_have_accessible_description(re.compile(re.escape(sentence)))
    expect(field).to_have_attribute("aria-invalid", "true")
    axe(page)
    fits(page)
    expect(row(page, TWO_PAGES.name)).to_have_attribute("data-state", "waiting")
    assert sent == []
    field.select_option("correspondence")
    expect(page.locator(".field .error")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    send.click()
    expect(row(page, TWO_PAGES.name)).to_have_attribute(
        "data-state", re.compile("done|duplicate"), timeout=PATIENCE
    )
    expect(page.locator("#field-parcel")).to_have_value("MN-3-0121")


def test_a_lost_line_is_taken_up_again(site: Site, window: OpenWindow) -> None:
    page = desk(window, site).page
    before = site.count("documents")
    cut = []

    def break_off(route: Route) -> None:
        cut.append(route.request.url)
        route.abort("connectionreset")

    page.route("**/files/upload/**", break_off, times=1)
    page.locator("#field-files").set_input_files(SAMPLES / "scans" / "committee-minutes-MN-3-0124.pdf")
    page.locator("[data-upload-plain] button").click()
    line = row(page, "committee-minutes-MN-3-0124.pdf")
    expect(line).to_have_attribute("data-state", "offline", timeout=PATIENCE)
    expect(line.locator(".file-state")).to_contain_text("انقطع الاتصال")
    expect(line.locator("[data-retry]")).to_be_visible()
    assert site.count("documents") == before
    expect(line).to_have_attribute("data-state", "done", timeout=PATIENCE)  # by itself
    assert len(cut) == 1 and site.count("documents") == before + 1


def test_offline_says_so_and_goes_on_when_the_line_is_back(site: Site, window: OpenWindow) -> None:
    visit = desk(window, site)
    page = visit.page
    visit.context.set_offline(True)
    page.locator("#field-files").set_input_files(SAMPLES / "scans" / "completion-certificate-MN-3-0122.tif")
    page.locator("[data-upload-plain] button").click()
    line = row(page, "completion-certificate-MN-3-0122.tif")
    expect(line).to_have_attribute("data-state", "offline", timeout=PATIENCE)
    axe(page)
    visit.context.set_offline(False)
    expect(line).to_have_attribute("data-state", "done", timeout=PATIENCE)


def test_a_session_that_ended_keeps_the_files_in_the_list(site: Site, window: OpenWindow) -> None:
    page = desk(window, site).page
    site.let_sessions_expire()
    page.locator("#field-files").set_input_files(SAMPLES / "scans" / SCANS[1])
    page.locator("[data-upload-plain] button").click()
    line = row(page, SCANS[1])
    expect(line).to_have_attribute("data-state", "signedOut", timeout=PATIENCE)
    expect(line.locator(".file-state")).to_contain_text("انتهت جلستك")
    expect(line.locator("[data-retry]")).to_be_visible()


def test_without_scripts_one_file_by_the_form(site: Site, window: OpenWindow) -> None:
    visit = window("desk", "ar", site.staff_session("clerk"), scripts=False)
    page = visit.open("/staff/upload")
    page.locator("#field-kind").select_option("violation-notice")
    page.locator("#field-parcel").fill("SQ-1-9999")
    page.locator("#field-files").set_input_files(SAMPLES / "scans" / "violation-notice-SQ-1-0016.jpg")
    page.locator("[data-upload-plain] button").click()
    page.locator(".error-summary").wait_for()
    assert page.locator("#field-parcel").input_value() == "SQ-1-9999"
    page.locator("#field-parcel").fill("SQ-1-0016")
    page.locator("#field-files").set_input_files(SAMPLES / "scans" / "violation-notice-SQ-1-0016.jpg")
    page.locator("[data-upload-plain] button").click()
    page.wait_for_url("**/staff/documents/*")
    assert "SQ-1-0016" in page.inner_text(".facts")


def _base64(file: Path) -> str:
    from base64 import b64encode

    return b64encode(file.read_bytes()).decode()
