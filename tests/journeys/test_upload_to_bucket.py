"""A clerk's browser sends scans straight to a bucket, and sees their pictures from there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.aws_server import AwsServer, copy_of_environment
from tests.journeys.site import SAMPLES, Site
from tests.journeys.test_upload import drop, row
from tests.journeys.visit import PATIENCE
from tests.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCAN = SAMPLES / "scans" / "fee-receipt-MN-3-0125.png"


@pytest.fixture
def bucket_site(aws: AwsServer, tmp_path: Path) -> Iterator[Site]:
    """A town of one machine but for its blobs."""
    aws.allow_pages(bucket := aws.bucket())
    blobs = f"s3://{bucket}/marsa?{aws.options()}"
    server = LiveServer(tmp_path / "data", DIWAN_BLOBS=blobs, **copy_of_environment())
    (tmp_path / "data").mkdir()
    server.start()
    yield Site(server.url, server.data)
    server.stop()


def test_scans_go_straight_to_the_bucket(bucket_site: Site, aws: AwsServer, browser: Browser) -> None:
    site = bucket_site
    context = browser.new_context(locale="ar-KW", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "diwan_session", "value": site.staff_session("clerk"), "url": site.url}])
    page, said, sent = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("response", lambda answer: sent.append((answer.request.method, answer.url, answer.status)))
    page.goto(f"{site.url}/staff/upload")
    expect(page.locator("form.upload.is-live")).to_be_visible()
    page.locator("#field-kind").select_option("correspondence")
    drop(page, SCAN)
    page.locator("[data-upload-plain] button").click()
    expect(row(page, SCAN.name)).to_have_attribute("data-state", "done", timeout=PATIENCE)
    puts = [(url.partition("?")[0], status) for method, url, status in sent if method == "PUT"]
    assert [status for _, status in puts] == [200]
    assert puts[0][0].startswith(aws.url), "the bytes went through us"

    read = page.locator("#documents tr", has_text=SCAN.name)
    expect(read.locator(".tag")).to_contain_text("مقروء", timeout=2 * PATIENCE)
    read.locator("a").first.click()
    page.wait_for_url("**/staff/documents/*")
    page.goto(f"{page.url}/pages/1")
    picture = page.locator("img[src*='preview']").first
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert any(url.startswith(aws.url) and "/previews/" in url for method, url, _ in sent if method == "GET")
    assert said == []
    context.close()
