"""The network: a picture of a line in, one distribution over the characters for every 4 pixels out.

Convolutions look at letters, two residual filters along the line and a bidirectional LSTM put them into words.
"""

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from ocr.line_reader import ALPHABET

CLASSES = len(ALPHABET) + 1
_CHANNELS = (24, 48, 96, 128, 160)
_WIDTH = 224
_HIDDEN = 192


def _convolution(
    before: int, after: int, kernel: int = 3, stride: int | tuple[int, int] = 1
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(True),
    )


class Across(nn.Module):
    """A residual 3x3 filter over all channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.filter = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.n = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Of the same shape."""
        return functional.relu(x + self.n(self.filter(x)))


class Along(nn.Module):
    """A residual filter along the line: seven steps of each channel, then all channels at each step."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.dw = nn.Conv1d(channels, channels, 7, 1, 3, groups=channels, bias=False)
        self.n = nn.BatchNorm1d(channels)
        self.pw = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Of the same shape."""
        return x + functional.relu(self.pw(self.n(self.dw(x))))


class LineNetwork(nn.Module):
    """(batch, 1, 40, width) of ink 1 on paper 0 to (batch, width / 4, classes) of logits. Width a multiple of 4."""

    def __init__(self) -> None:
        super().__init__()
        a, b, c, d, e = _CHANNELS
        self.letters = nn.Sequential(
            _convolution(1, a, 5, 2), _convolution(a, b), nn.MaxPool2d(2, 2),
            _convolution(b, c), _convolution(c, d, 3, (2, 1)), _convolution(d, e), Across(e),
        )  # fmt: skip
        self.column = nn.Sequential(
            nn.Conv2d(e, _WIDTH, (5, 1), bias=False), nn.BatchNorm2d(_WIDTH), nn.ReLU(True)
        )
        self.along = nn.Sequential(Along(_WIDTH), Along(_WIDTH))
        self.words = nn.LSTM(_WIDTH, _HIDDEN, 1, bidirectional=True, batch_first=True)
        self.characters = nn.Linear(2 * _HIDDEN + _WIDTH, CLASSES)

    def features(self, lines: Tensor) -> Tensor:
        """What the column filter sees at every step: (batch, channels, steps)."""
        return torch.as_tensor(self.column(self.letters(lines)).squeeze(2))

    def forward(self, lines: Tensor) -> Tensor:
        """Logits."""
        steps = self.along(self.features(lines)).transpose(1, 2)
        words, _ = self.words(steps)
        return torch.as_tensor(self.characters(torch.cat((words, steps), 2)))


def weights_of(file: Path) -> dict[str, Tensor]:
    """The weights in a file, of any precision; characters that were added to the alphabet since start near zero."""
    weights = {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in torch.load(file).items()
    }
    for name in ("characters.weight", "characters.bias"):
        known = weights[name]
        if missing := CLASSES - len(known):
            weights[name] = torch.cat((known, torch.zeros(missing, *known.shape[1:])))
    return weights
