"""How large paper is, and at which resolution the lettering of large paper is read."""

_LARGE_INCHES = 20.0
_DRAWN_INCHES = 15.0
_READING_DPI = 180


def is_large(size: tuple[int, int], dpi: float) -> bool:
    """Whether paper of this size, in pixels, is a drawing's: A2 and above."""
    return max(size) >= _LARGE_INCHES * dpi


def is_drawn_on(size: tuple[int, int], dpi: float) -> bool:
    """Whether paper of this size may be a drawing's at all: A3 and above. To look for a title block takes its time."""
    return max(size) >= _DRAWN_INCHES * dpi


def shrinking(dpi: float) -> int:
    """By how much a sheet can be shrunk with its lettering, of two millimetres and more, still fit for reading."""
    return max(1, round(dpi / _READING_DPI))
