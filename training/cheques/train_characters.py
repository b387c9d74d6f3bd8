"""Train the CMC-7 character network on drawn strips: `python -m training.cheques.train_characters OUT LINES EPOCHS`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import nll_loss

from ocr.cheque.characters import cells
from ocr.cheque.cmc7 import CHARACTERS, STRIP_SCALE
from ocr.cheque.find import ink_of
from ocr.cheque.geometry import Frame, Zone, cut
from training.cheques.bottom_strips import Condition, strip_page
from training.cheques.networks import CharacterNet, export
from training.cheques.paper import random_line

SEED = 41


def random_condition(random: np.random.Generator) -> Condition:
    """Anything from a clean 300 dpi scan to a scribbled one at 100 dpi."""
    dpi = int(random.choice([100, 100, 110, 120, 150, 150, 200, 200, 240, 300]))
    return Condition(
        "training",
        dpi,
        float(random.uniform(0, 1)),
        1.5,
        float(random.uniform(0, 0.7)),
        float(random.choice([0, 0, 1, 4])),
        0.15,
        float(random.choice([0, 0, 0.06, 0.12, 0.18])),
        bool(random.random() < 0.12 and dpi >= 150),
        0.3,
    )


def lines(count: int, seed: int) -> Iterator[tuple[NDArray[np.float32], list[int]]]:
    """Cells and classes of drawn lines, located as well as the finder locates them."""
    for number in range(count):
        random = np.random.default_rng([seed, number])
        text = random_line(random)
        if random.random() < 0.2:  # symbols that French lines use rarely or never
            text = "".join(str(random.choice(list(CHARACTERS))) for _ in text)
        page, scale, (x, y, angle) = strip_page(text, random_condition(random), random)
        tilt = angle + random.normal(0, 0.0012)
        cosine, sine = np.cos(tilt), np.sin(tilt)
        off_x, off_y = 8.0 + random.normal(0, 0.04), 4.0 + random.normal(0, 0.15)
        corner = (
            float(x - scale * (off_x * cosine - off_y * sine)),
            float(y - scale * (off_x * sine + off_y * cosine)),
        )
        strip = cut(page, Frame(corner, float(tilt), scale), Zone(0, 0, 134, 8), STRIP_SCALE)
        made = cells(ink_of(strip), 8.0 * STRIP_SCALE, float(random.normal(1, 0.0006)))
        yield made, [CHARACTERS.index(character) for character in text]


def train(out: Path, count: int, epochs: int) -> None:
    """Draw, train, export."""
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    drawn = list(lines(count, SEED))
    pictures = np.concatenate([made for made, _ in drawn])
    classes = np.asarray([one for _, classes in drawn for one in classes])
    network = CharacterNet()
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-3)
    steps = epochs * (len(classes) // 128 + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 4e-3, total_steps=steps)
    random = np.random.default_rng(SEED)
    for epoch in range(epochs):
        order, right, losses = random.permutation(len(classes)), 0, []
        network.train()
        for start in range(0, len(order), 128):
            picked = order[start : start + 128]
            output = network(torch.from_numpy(pictures[picked] * random.uniform(0.8, 1.2)).float())
            target = torch.from_numpy(classes[picked])
            loss = nll_loss(output, target)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            right += int((output.argmax(1) == target).sum())
        print(f"epoch {epoch} loss {np.mean(losses):.4f} characters right {right / len(order):.4f}", flush=True)
    export(network, torch.zeros(1, 1, 32, 48), str(out), dynamic_width=False)


if __name__ == "__main__":
    train(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
