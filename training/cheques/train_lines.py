"""Train a CTC network on shards of crops.

`python -m training.cheques.train_lines lines|figures SHARDS OUT CPU_SECONDS [WALL_SECONDS]`
"""

from __future__ import annotations

import math
import pickle
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn.functional import ctc_loss
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ocr.cheque.alphabet import FIGURES, LINES
from training.cheques.networks import Crnn, export
from training.cheques.samples import stacked
from training.cheques.scanner import Gray
from training.cheques.style import restyled

ALPHABETS = {"figures": FIGURES, "lines": LINES}
BATCH_WIDTH = 9000  # pixels of crops side by side in one step
PEAK = 2e-3  # learning rate
_MEMORY = 0.998  # of the running average of the weights: what is kept of it a step; the average is what is shipped
Pair = tuple[Gray, str]


def load(folder: Path, kind: str, known: set[str], pairs: list[Pair]) -> None:
    """Add the crops of shards that have appeared since the last look."""
    for path in sorted(folder.glob("shard-*.pickle")):
        if path.name not in known:
            known.add(path.name)
            made = pickle.loads(path.read_bytes())  # noqa: S301 - our own file
            pairs.extend((crop, label) for crop, label, named in made if named == kind)


def shaken(crop: Gray, random: np.random.Generator) -> Gray:
    """The same writing a little wider, higher, paler, shifted: never twice the same picture."""
    width = max(24, round(crop.shape[1] * random.uniform(0.82, 1.18)))
    tall = random.uniform(0.9, 1.1)
    shift = random.normal(0, 1.2) + 24 * (1 - tall)
    matrix = np.array([[width / crop.shape[1], random.normal(0, 0.06), 0], [0, tall, shift]])
    return toned(np.asarray(cv2.warpAffine(crop, matrix, (width, crop.shape[0])), np.uint8), random)


def toned(crop: Gray, random: np.random.Generator) -> Gray:
    """Paler or stronger ink, now and then noise."""
    out = 255 * (crop.astype(np.float32) / 255) ** random.uniform(0.7, 1.4) * random.uniform(0.75, 1.15)
    if random.random() < 0.3:
        out += random.normal(0, random.uniform(2, 14), out.shape)
    return np.clip(out, 0, 255).astype(np.uint8)


def batches(pairs: list[Pair], random: np.random.Generator) -> Iterator[list[Pair]]:
    """One pass in batches of like widths, in random order."""
    order = sorted(range(len(pairs)), key=lambda at: pairs[at][0].shape[1] + random.normal(0, 15))
    groups: list[list[Pair]] = []
    group: list[Pair] = []
    for at in order:
        group.append(pairs[at])
        if len(group) * group[-1][0].shape[1] >= BATCH_WIDTH:
            groups.append(group)
            group = []
    random.shuffle(groups)
    yield from groups


def encode(labels: list[str], alphabet: str) -> tuple[torch.Tensor, torch.Tensor]:
    flat = [alphabet.index(letter) + 1 for label in labels for letter in label]
    return torch.tensor(flat, dtype=torch.long), torch.tensor([len(label) for label in labels], dtype=torch.long)


def step(network: Crnn, group: list[Pair], alphabet: str, random: np.random.Generator) -> torch.Tensor:
    """CTC loss of a batch, a letter."""
    calm = 0.0 if alphabet == LINES else 0.5  # half of the figures keep their hand
    seen = [
        shaken(crop, random) if random.random() < calm else toned(restyled(crop, random), random) for crop, _ in group
    ]
    crops = torch.from_numpy(stacked(seen))
    output = network(crops.contiguous(memory_format=torch.channels_last))
    labels, lengths = encode([label for _, label in group], alphabet)
    columns = torch.full((len(group),), output.shape[1], dtype=torch.long)
    loss = ctc_loss(output.transpose(0, 1), labels, columns, lengths, reduction="sum", zero_infinity=True)
    return loss / max(1, int(lengths.sum()))


def learn(
    network: Crnn, optimiser: torch.optim.Optimizer, group: list[Pair], alphabet: str, random: np.random.Generator
) -> float:
    """One step down; the loss before it."""
    network.train()
    loss = step(network, group, alphabet, random)
    optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return loss.item()


def train(
    kind: str, shards: Path, out: Path, cpu_seconds: float, wall_seconds: float = float("inf"), seed: int = 1
) -> None:
    """Train on whatever shards are there until either time is used up; keeps a checkpoint, ends with an ONNX file."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    alphabet = ALPHABETS[kind]
    network = new_network(kind).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = get_ema_multi_avg_fn(_MEMORY)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(network, multi_avg_fn=average, use_buffers=True)
    known: set[str] = set()
    pairs: list[Pair] = []
    optimiser = torch.optim.AdamW(network.parameters(), lr=PEAK, weight_decay=1e-3)
    checkpoint, start, spent = out.with_suffix(".pt"), time.process_time(), 0.0
    clock, share = time.monotonic(), 0.0
    if checkpoint.exists():
        spent = take_up(network, averaged, optimiser, checkpoint)
    begun, count, losses, seen = spent, 0, [], 0
    while share < 1.0:
        load(shards, kind, known, pairs)
        for group in batches(pairs, random):
            spent = begun + time.process_time() - start
            share = max(spent / cpu_seconds, (time.monotonic() - clock) / wall_seconds)
            for setting in optimiser.param_groups:
                setting["lr"] = rate(spent - begun, share)
            losses.append(learn(network, optimiser, group, alphabet, random))
            averaged.update_parameters(network)
            count, seen = count + 1, seen + len(group)
            if count % 50 == 0:
                print(f"{spent:7.0f} s {seen:7d} crops of {len(pairs)} loss {np.mean(losses[-50:]):.4f}", flush=True)
            if count % 200 == 0:
                keep(network, averaged, optimiser, spent, checkpoint)
            more = count % 400 == 0 and len(list(shards.glob("shard-*.pickle"))) > len(known)
            if share >= 1.0 or more:
                break
    keep(network, averaged, optimiser, spent, checkpoint)
    export(averaged.module, torch.zeros(1, 1, 48, 200), str(out), dynamic_width=True)


def rate(since: float, share: float) -> float:
    """Learning rate `since` CPU seconds after the start of a run, `share` of its time being used up: half a cosine."""
    return PEAK * min(1.0, since / 60 + 0.05) * max(0.004, 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


def take_up(network: Crnn, averaged: AveragedModel, optimiser: torch.optim.Optimizer, checkpoint: Path) -> float:
    """Go on from a checkpoint; CPU seconds spent on it so far."""
    state = torch.load(checkpoint, weights_only=True)
    network.load_state_dict(state["network"])
    averaged.load_state_dict(state["averaged"])
    optimiser.load_state_dict(state["optimiser"])
    return float(state["spent"])


def new_network(kind: str) -> Crnn:
    """Untrained. Channels last is what one AVX2 core works through fastest."""
    letters = len(ALPHABETS[kind])
    return Crnn(letters, (16, 32, 64, 96), 96) if kind == "lines" else Crnn(letters, (20, 40, 56, 80), 80)


def keep(network: Crnn, averaged: AveragedModel, optimiser: torch.optim.Optimizer, spent: float, path: Path) -> None:
    """Save where training stands, so that a stopped run goes on."""
    state = {"network": network.state_dict(), "averaged": averaged.state_dict(), "spent": spent}
    state["optimiser"] = optimiser.state_dict()
    scratch = path.with_suffix(".part")
    torch.save(state, scratch)
    scratch.replace(path)


if __name__ == "__main__":
    wall = float(sys.argv[5]) if len(sys.argv) > 5 else float("inf")
    train(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]), wall)
