"""Gives the dots and marks of a sheet to the pieces of text that they belong to."""

import numpy as np
from numpy.typing import NDArray

from ocr.drawings.joining import all_around, extent
from ocr.drawings.sizes import Sizes

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_AT_ONCE = 1000
_MARK_SHARE = 0.4


def attached(
    boxes: Ints, marks: list[Ints], groups: list[tuple[Ints, bool]], sizes: Sizes
) -> list[tuple[Ints, bool]]:
    """The groups, each with the dots and marks that stand nearest to it; marks that are far from all are no text."""
    if not groups:
        return []
    box = all_around(boxes, [members for members, _ in groups])
    upright = np.array([u for _, u in groups])
    size = np.where(upright, box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    size = np.clip(size, sizes.least, sizes.tallest)
    # A dot of a large title is larger than a letter of a note: what is small beside its neighbour is a mark of it.
    small = np.flatnonzero(extent(box) < _MARK_SHARE * sizes.tallest)
    loose = [*marks, *(groups[k][0] for k in small)]
    if not loose:
        return groups
    home = _nearest(all_around(boxes, loose), box, size, upright, sizes)
    taken = set(small[home[len(marks) :] >= 0].tolist())
    home[len(marks) :][np.isin(home[len(marks) :], list(taken))] = -1
    extra: list[list[Ints]] = [[] for _ in groups]
    for members, group in zip(loose, home, strict=True):
        if group >= 0:
            extra[group].append(members)
    return [
        (np.concatenate([members, *more]), is_upright)
        for k, ((members, is_upright), more) in enumerate(zip(groups, extra, strict=True))
        if k not in taken
    ]


def _nearest(marks: Ints, box: Ints, size: Ints, upright: Bools, sizes: Sizes) -> Ints:
    """For each mark the group whose line it stands in, above or below; -1 where there is none."""
    home = np.full(len(marks), -1, np.int64)
    for start in range(0, len(marks), _AT_ONCE):
        some = marks[start : start + _AT_ONCE, None, :]
        across = np.maximum(np.maximum(box[:, 0] - some[..., 2], some[..., 0] - box[:, 2]), 0)
        down = np.maximum(np.maximum(box[:, 1] - some[..., 3], some[..., 1] - box[:, 3]), 0)
        along, aside = np.where(upright, down, across), np.where(upright, across, down)
        sides = extent(some)
        near = (along <= 0.5 * size) & (aside <= 0.4 * size) & (sides < size)
        near &= sides <= np.maximum(sizes.mark, _MARK_SHARE * size)
        distance = np.where(near, along + 2 * aside, np.inf)
        best = distance.argmin(1)
        home[start : start + _AT_ONCE] = np.where(np.isfinite(distance[np.arange(len(best)), best]), best, -1)
    return home
