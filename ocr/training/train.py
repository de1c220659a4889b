"""Trains the network on lines that are drawn while it learns: no line is seen twice."""

import copy
import math
import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch.nn import functional

from ocr.line_reader import ALPHABET, HEIGHT, STEP, normalise
from ocr.training.examples import Example, examples
from ocr.training.network import LineNetwork, weights_of
from ocr.training.typefaces import latin, training

_CLASS_OF = {character: k + 1 for k, character in enumerate(ALPHABET)}
_POOL = 1536
_CHUNK = 128
_PIXELS = 32 * 448
_MOST_LINES = 48
_WARM_UP = 0.06
_MEMORY = 0.998


@dataclass(frozen=True)
class Plan:
    """How a run goes: minutes of learning, the highest rate, threads, the seed, and where things lie."""

    minutes: float
    rate: float
    threads: int
    seed: int
    typefaces: Path
    results: Path
    start: Path | None = None


@dataclass(frozen=True)
class Batch:
    """Lines of like width, padded with paper; their classes in one row, and how many steps and classes each has."""

    lines: torch.Tensor
    classes: torch.Tensor
    steps: torch.Tensor
    lengths: torch.Tensor


def batch_of(some: list[Example]) -> Batch:
    """Examples side by side."""
    width = -(-max(e.picture.shape[1] for e in some) // STEP) * STEP
    lines = np.zeros((len(some), 1, HEIGHT, width), np.float32)
    for row, example in zip(lines, some, strict=True):
        row[0, :, : example.picture.shape[1]] = normalise(example.picture)
    return Batch(
        torch.from_numpy(lines),
        torch.tensor([_CLASS_OF[c] for e in some for c in e.label]),
        torch.tensor([-(-e.picture.shape[1] // STEP) for e in some]),
        torch.tensor([len(e.label) for e in some]),
    )


def _draw(
    plan: Plan, paragraphs: list[str], seed: int, lines: "multiprocessing.Queue[list[Example]]"
) -> None:
    os.nice(10)
    source = examples(paragraphs, training(plan.typefaces), latin(plan.typefaces), seed)
    while True:
        lines.put([next(source) for _ in range(_CHUNK)])


def _batches(lines: "multiprocessing.Queue[list[Example]]", random: Random) -> Iterator[Batch]:
    """Pools sorted by width and cut into batches of about the same area, in any order."""
    while True:
        pool: list[Example] = []
        while len(pool) < _POOL:
            pool += lines.get()
        pool.sort(key=lambda e: e.picture.shape[1])
        batches: list[list[Example]] = [[]]
        for example in pool:
            if batches[-1] and (len(batches[-1]) + 1) * example.picture.shape[1] > _PIXELS:
                batches.append([])
            if len(batches[-1]) == _MOST_LINES:
                batches.append([])
            batches[-1].append(example)
        random.shuffle(batches)
        for batch in batches:
            yield batch_of(batch)


def rate_at(done: float, highest: float) -> float:
    """The learning rate when `done` (0 to 1) of the run is over: a short rise, then half a cosine down."""
    if done < _WARM_UP:
        return highest * done / _WARM_UP + 1e-5
    return highest * 0.5 * (1 + math.cos(math.pi * (done - _WARM_UP) / (1 - _WARM_UP))) + 1e-5


def train(plan: Plan, paragraphs: list[str]) -> Path:
    """Runs the plan; returns the file of the weights averaged over its last steps. Saves them every few minutes."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    plan.results.mkdir(parents=True, exist_ok=True)
    weights = plan.results / "weights.pt"
    network = LineNetwork()
    if plan.start is not None:
        network.load_state_dict(weights_of(plan.start))
    network = network.to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    average = copy.deepcopy(network)
    optimiser = torch.optim.AdamW(network.parameters(), plan.rate, weight_decay=1e-2, betas=(0.9, 0.98))
    lines: multiprocessing.Queue[list[Example]] = multiprocessing.Queue(40)
    drawing = multiprocessing.Process(target=_draw, args=(plan, paragraphs, plan.seed, lines), daemon=True)
    drawing.start()
    batches = _batches(lines, Random(plan.seed))
    short = torch.cpu.get_capabilities().get("avx512_bf16", False)
    began = saved = said = time.monotonic()
    seen = step = 0
    loss_now: float | None = None
    while (done := (time.monotonic() - began) / 60 / plan.minutes) < 1:
        rate = rate_at(done, plan.rate)
        for group in optimiser.param_groups:
            group["lr"] = rate
        batch = next(batches)
        # Half of the digits suffice while learning, and processors that can are twice as fast with them.
        with torch.autocast("cpu", torch.bfloat16, enabled=short):
            logits = network(batch.lines.to(memory_format=torch.channels_last))
        loss = functional.ctc_loss(
            logits.float().log_softmax(2).transpose(0, 1),
            batch.classes,
            batch.steps,
            batch.lengths,
            zero_infinity=True,
        )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 4.0)
        optimiser.step()
        _remember(average, network, min(_MEMORY, step / (step + 30.0)))
        step += 1
        seen += len(batch.lengths)
        loss_now = loss.item() if loss_now is None else 0.98 * loss_now + 0.02 * loss.item()
        if time.monotonic() - said > 20:
            said = time.monotonic()
            print(
                f"{done:6.1%}  {seen:8,} lines  loss {loss_now:.4f}  rate {rate:.5f}  waiting {lines.qsize()}",
                flush=True,
            )
        if time.monotonic() - saved > 240:
            saved = time.monotonic()
            _save(average, weights)
    drawing.terminate()
    _save(average, weights)
    return weights


@torch.no_grad()
def _remember(average: LineNetwork, network: LineNetwork, memory: float) -> None:
    for kept, new in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - memory)
        else:
            kept.copy_(new)


def _save(network: LineNetwork, file: Path) -> None:
    part = file.with_suffix(".part")
    torch.save(network.state_dict(), part)
    part.rename(file)
