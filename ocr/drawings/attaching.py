"""Gives the dots and marks of a sheet to the pieces of text that they belong to."""

import numpy as np
from numpy.typing import NDArray

from ocr.drawings.bands import Bands
from ocr.drawings.joining import all_around, extent
from ocr.drawings.sizes import Sizes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MARK_SHARE = 0.4
# Of the size of its lettering: how far from a line a mark of it stands.
_ALONG, _ASIDE = 0.5, 0.4


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
    home = nearest(all_around(boxes, loose), box, size, upright, sizes)
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


def nearest(marks: Ints, box: Ints, size: Floats, upright: Bools, sizes: Sizes) -> Ints:
    """For each mark the group whose line it stands in, above or below; -1 where there is none."""
    home = np.full(len(marks), -1, np.int64)
    least = np.full(len(marks), np.inf)
    largest = np.maximum(sizes.mark, _MARK_SHARE * size)
    reach = max(_ALONG, _ASIDE) * size
    windows = (box[:, 0] - reach - largest, box[:, 1] - reach, box[:, 2] + reach, box[:, 3] + reach)
    for group, mark in Bands(marks, sizes.usual).near(*windows):
        here, it = box[group], marks[mark]
        across = np.maximum(np.maximum(here[:, 0] - it[:, 2], it[:, 0] - here[:, 2]), 0)
        down = np.maximum(np.maximum(here[:, 1] - it[:, 3], it[:, 1] - here[:, 3]), 0)
        is_upright = upright[group]
        along, aside = np.where(is_upright, down, across), np.where(is_upright, across, down)
        near = (along <= _ALONG * size[group]) & (aside <= _ASIDE * size[group])
        near &= (extent(it) < size[group]) & (extent(it) <= largest[group])
        # Of groups as near as one another the first; a later portion has none but later ones.
        group, mark, distance = group[near], mark[near], (along + 2 * aside)[near]
        order = np.lexsort((group, distance, mark))
        order = order[np.diff(mark[order], prepend=-1) > 0]
        order = order[distance[order] < least[mark[order]]]
        home[mark[order]], least[mark[order]] = group[order], distance[order]
    return home
