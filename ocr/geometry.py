"""Boxes of a page that is turned by quarters: from the page as scanned to the upright page, and back."""

Box = tuple[int, int, int, int]


def turned(box: Box, size: tuple[int, int], degrees: int) -> Box:
    """The box (x, y, width, height) of a page of `size` (width, height) once the page is turned `degrees` clockwise.

    `degrees` is a multiple of 90 and may be negative.
    """
    x, y, width, height = box
    across, down = size
    quarters = degrees // 90 % 4
    if quarters == 1:
        return down - y - height, x, height, width
    if quarters == 2:
        return across - x - width, down - y - height, width, height
    if quarters == 3:
        return y, across - x - width, height, width
    return box


def turned_size(size: tuple[int, int], degrees: int) -> tuple[int, int]:
    """Width and height of a page once it is turned `degrees` (a multiple of 90)."""
    return (size[1], size[0]) if degrees // 90 % 2 else size
