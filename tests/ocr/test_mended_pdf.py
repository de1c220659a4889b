"""A PDF whose end is missing: what can be found again is read, what is lost is not taken for blank paper."""

import io

import pytest

from ocr.formats.pdf import PdfSource
from ocr.formats.sheet import Picture
from ocr.shapes import Limits, PageRefused, SourceRefused
from samples.bad import make_bad


def _first_part(share: float) -> io.BytesIO:
    """The beginning of a good scan of three pages."""
    whole = make_bad.GOOD_PDF.read_bytes()
    return io.BytesIO(whole[: int(len(whole) * share)])


def test_a_file_with_no_whole_page_is_refused() -> None:
    with pytest.raises(SourceRefused) as refused:
        PdfSource(_first_part(0.33), Limits())
    assert refused.value.reason == "truncated-file"


def test_lost_pages_are_refused_and_the_whole_one_is_read() -> None:
    source = PdfSource(_first_part(0.5), Limits())
    assert source.pages == 3
    assert isinstance(source.page(1), Picture)
    for number in (2, 3):
        with pytest.raises(PageRefused) as refused:
            source.page(number)
        assert refused.value.reason == "page-damaged"
