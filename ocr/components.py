"""Connected components of a bilevel picture, by runs, in numpy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# Rows looked at together: few enough that they stay in the processor's cache.
_STRIP = 128


@dataclass(frozen=True)
class Components:
    """Boxes (`right` and `bottom` exclusive) and ink pixels of every component, and the runs they are made of."""

    left: Ints
    top: Ints
    right: Ints
    bottom: Ints
    area: Ints
    run_row: Ints
    run_start: Ints
    run_end: Ints
    run_component: Ints

    def __len__(self) -> int:
        return len(self.area)

    @property
    def width(self) -> Ints:
        """Widths of the boxes."""
        return self.right - self.left

    @property
    def height(self) -> Ints:
        """Heights of the boxes."""
        return self.bottom - self.top

    def painted(self, values: NDArray[np.int32], shape: tuple[int, int]) -> NDArray[np.int32]:
        """A picture in which every ink pixel holds the value of its component, and paper holds -1."""
        picture = np.full(shape[0] * shape[1], -1, np.int32)
        lengths = self.run_end - self.run_start
        first = self.run_row * shape[1] + self.run_start
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        picture[np.repeat(first, lengths) + offsets] = np.repeat(values[self.run_component], lengths)
        return picture.reshape(shape)


def runs_of(ink: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Row, start and end (exclusive) of every horizontal run of ink, in reading order of the raster."""
    # With paper after every row the raster is one long row, and ink begins and ends where neighbours differ.
    height, width = ink.shape
    stride = width + 1
    strip = np.zeros(min(_STRIP, height) * stride + 1, bool)
    edges = [np.zeros(0, np.int64)]
    for top in range(0, height, _STRIP):
        rows = min(_STRIP, height - top)
        here = strip[: rows * stride + 1]
        here[1:].reshape(rows, stride)[:, :width] = ink[top : top + rows]
        edges.append(np.flatnonzero(here[1:] != here[:-1]) + top * stride)
    along = np.concatenate(edges)
    row, start = np.divmod(along[::2], stride)
    return row, start, start + (along[1::2] - along[::2])


def components_of_runs(row: Ints, start: Ints, end: Ints) -> Components:
    """Joins runs that touch, corners included, into components."""
    count = len(row)
    if not count:
        none = np.zeros(0, np.int64)
        return Components(none, none, none, none, none, row, start, end, none)
    stride = int(end.max()) + 2
    above_first = np.searchsorted(row * stride + end, (row - 1) * stride + start, "left")
    above_last = np.searchsorted(row * stride + start, (row - 1) * stride + end, "right")
    touching = np.maximum(above_last - above_first, 0)
    below = np.repeat(np.arange(count), touching)
    offsets = np.arange(touching.sum()) - np.repeat(np.cumsum(touching) - touching, touching)
    above = np.repeat(above_first, touching) + offsets
    parent = union(count, above, below)
    _, component = np.unique(parent, return_inverse=True)
    component = component.astype(np.int64)
    size = int(component.max()) + 1
    left, top = np.full(size, stride), np.full(size, int(row.max()) + 1)
    right, bottom, area = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64)
    np.minimum.at(left, component, start)
    np.maximum.at(right, component, end)
    np.minimum.at(top, component, row)
    np.maximum.at(bottom, component, row + 1)
    np.add.at(area, component, end - start)
    return Components(left, top, right, bottom, area, row, start, end, component)


def components_of(ink: NDArray[np.bool_]) -> Components:
    """Connected components of a bilevel picture."""
    return components_of_runs(*runs_of(ink))


def grown(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The ink with its neighbours on all sides."""
    wide = ink.copy()
    wide[:, 1:] |= ink[:, :-1]
    wide[:, :-1] |= ink[:, 1:]
    out = wide.copy()
    out[1:] |= wide[:-1]
    out[:-1] |= wide[1:]
    return out


def union(count: int, one: Ints, other: Ints) -> Ints:
    """The smallest member of each set, for every member, given pairs that belong together."""
    parent = np.arange(count)
    while True:
        a, b = parent[one], parent[other]
        low = np.minimum(a, b)
        before = parent.copy()
        np.minimum.at(parent, a, low)
        np.minimum.at(parent, b, low)
        while True:
            jumped = parent[parent]
            if np.array_equal(jumped, parent):
                break
            parent = jumped
        if np.array_equal(before, parent):
            return parent
