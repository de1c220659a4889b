"""Reading by a service of others: a page's picture leaves the house, so it is off unless the municipality allows it."""

from typing import Protocol

from chalicelib.ports.ocr import ReadPage


class OutsideReader(Protocol):
    """Reads again what our own reader could hardly read. Safe to use from several threads at once."""

    def again(self, page: ReadPage) -> ReadPage:
        """The page as the service reads it, `read with doubts` with the reason `read-outside`, every number in doubt.

        The page as it is where it was read well enough (then nothing leaves the house) or the service gives nothing.
        """
        ...
