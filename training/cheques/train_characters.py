"""Train the CMC-7 character network on drawn strips: `python -m training.cheques.train_characters OUT LINES EPOCHS`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import nll_loss

from ocr.cheque.characters import cells
from ocr.cheque.cmc7 import CHARACTERS, STRIP_SCALE
from ocr.cheque.find import ink_of
from ocr.cheque.geometry import Frame, Zone, cut
from training.cheques.bottom_strips import Condition, strip_page
from training.cheques.networks import CharacterNet, export
from training.cheques.paper import random_line

SEED = 41
_LINES_OF = (55_101, 55_102)  # seeds of the drawn lines


_TO_BYTES, _LIGHTEST = 127.5, 0.4  # cells are kept in bytes: ink from -0.4 to 1.6
_MIDDLE = 58.0  # mm from the first bar to the middle of a line
_CELLS = 35
_BATCH = 5  # lines
_LEAST_DARK = 0.02  # share of a line's rectangle that two tones must leave for anything to be learnt from it


def random_condition(random: np.random.Generator) -> Condition:
    """Anything from a clean 300 dpi scan to a scribbled one at 100 dpi, more often bad than good."""
    return Condition(
        "training",
        dpi=int(random.choice([100, 100, 110, 120, 150, 150, 200, 200, 240, 300])),
        hard=float(np.sqrt(random.uniform(0, 1))),
        skew=1.5,
        wear=float(random.uniform(0, 0.7)),
        strokes=float(random.choice([0, 0, 0.5, 1.5, 4])),
        stamp=0.2,
        blur=float(random.choice([0, 0, 0.06, 0.12, 0.18])),
        two_tone=bool(random.random() < 0.3),
        pattern=0.3,
    )


def lines(count: int, seed: int) -> Iterator[tuple[NDArray[np.uint8], list[int]]]:
    """Cells (35, 1, 32, 48) and classes of drawn lines, as far off their place as the finder may leave them."""
    for number in range(count):
        random = np.random.default_rng([seed, number])
        text = random_line(random)
        if random.random() < 0.2:  # symbols that French lines use rarely or never
            text = "".join(str(random.choice(list(CHARACTERS))) for _ in text)
        page, scale, (x, y, angle) = strip_page(text, random_condition(random), random)
        if _is_blank(page, scale):
            continue
        tilt = angle + random.normal(0, 0.0025)
        off_x, off_y = 8.0 + random.normal(0, 0.08), 4.0 + random.normal(0, 0.14)
        cosine, sine = np.cos(tilt), np.sin(tilt)
        middle = (x + _MIDDLE * scale * np.cos(angle), y + _MIDDLE * scale * np.sin(angle))
        corner = (
            float(middle[0] - scale * ((off_x + _MIDDLE) * cosine - off_y * sine)),
            float(middle[1] - scale * ((off_x + _MIDDLE) * sine + off_y * cosine)),
        )
        strip = cut(page, Frame(corner, float(tilt), scale), Zone(0, 0, 134, 8), STRIP_SCALE)
        stretch = float(random.normal(1, 0.0015))
        made = cells(ink_of(strip), (8.0 - (stretch - 1) * _MIDDLE) * STRIP_SCALE, stretch)
        packed = ((made + _LIGHTEST) * _TO_BYTES).clip(0, 255).astype(np.uint8)
        yield packed, [CHARACTERS.index(character) for character in text]


def _is_blank(page: NDArray[np.uint8], scale: float) -> bool:
    """Two tones left next to nothing of the whole page, hence of the line."""
    dark = np.count_nonzero(page < 128) / (117.0 * 2.85 * scale * scale)
    return bool(dark < _LEAST_DARK) and len(np.unique(page)) <= 2


class Average:
    """Running average of a network's weights: steadier than where the last step happened to end."""

    def __init__(self, network: nn.Module) -> None:
        self.weights = {name: value.clone() for name, value in network.state_dict().items()}
        self._steps = 0

    def add(self, network: nn.Module) -> None:
        self._steps += 1
        keep = min(0.998, self._steps / (self._steps + 20))
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                self.weights[name].mul_(keep).add_(value, alpha=1 - keep)
            else:
                self.weights[name].copy_(value)


def train(out: Path, count: int, epochs: int) -> None:
    """Draw, train, export."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    drawn = [one for seed in _LINES_OF for one in lines(count // len(_LINES_OF), seed)]
    pictures = np.stack([made for made, _ in drawn])  # (lines, 35, 1, 32, 48)
    classes = np.asarray([one for _, one in drawn])
    del drawn
    network = CharacterNet(_CELLS)
    average = Average(network)
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-2)
    steps = epochs * (len(classes) // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    random = np.random.default_rng(SEED)
    for epoch in range(epochs):
        order, right, losses = random.permutation(len(classes)), 0, []
        network.train()
        for start in range(0, len(order) - _BATCH + 1, _BATCH):
            picked = order[start : start + _BATCH]
            output = network(_as_input(pictures[picked], random))
            target = torch.from_numpy(classes[picked].reshape(-1))
            loss = nll_loss(output, target)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            average.add(network)
            losses.append(loss.item())
            right += int((output.argmax(1) == target).sum())
        print(f"epoch {epoch} loss {np.mean(losses):.4f} characters right {right / classes.size:.4f}", flush=True)
    network.load_state_dict(average.weights)
    network.line = 0  # a look is one line
    export(network, torch.zeros(1, 1, 32, 48), str(out), dynamic_width=False)


def _as_input(packed: NDArray[np.uint8], random: np.random.Generator) -> Tensor:
    """Ink of some lines (lines, 35, 1, 32, 48) as one batch of cells; each line, and each cell, paler or darker."""
    ink = packed.astype(np.float32) / np.float32(_TO_BYTES) - np.float32(_LIGHTEST)
    ink = ink * random.uniform(0.85, 1.15, (len(ink), 1, 1, 1, 1)).astype(np.float32)
    ink = ink * random.uniform(0.9, 1.1, (*ink.shape[:2], 1, 1, 1)).astype(np.float32)
    return torch.from_numpy(ink.reshape(-1, *ink.shape[2:]))


if __name__ == "__main__":
    train(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
