"""Fine-tune what reads a doubtful passage for protections: upper layers of its own on the encoder's frozen lower ones.

`mailroom train protections --base BASE` runs it: writes `passages-1.onnx` and `-2` (layers and a head of eight logits:
any protection, then one a signal) and `held-passages.npz` (what other fits said of hands they never saw, to judge by).
Learns from the passages that the second opinion learns from. About fifty CPU minutes.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from classifiers.encoder import LOWER_LAYERS
from classifiers.passages import PASSAGES, cut_passage
from training.classifier.augment import augmented
from training.classifier.fit_encoder import Recipe, SubjectEncoder, by_length, keep, stepped
from training.classifier.fit_protective import rows, short_ordinary
from training.classifier.short_texts import FOLDS, HELD_PASSAGES, NAMES, Learnt, short_texts

# The first learns from short texts alone, the second from passages of mail, too.
RECIPES = tuple(Recipe(frozen=LOWER_LAYERS, rounds=((epochs, 1.5e-4),), seed=7) for epochs in (3, 2))
SOFTENED = 0.03  # of a probability: what the labels leave open
Floats = NDArray[np.float32]


class PassageReader(nn.Module):
    """Layers `frozen` to the last of the encoder over what its lower layers say; mean and maximum; a head."""

    def __init__(self, base: Path, recipe: Recipe) -> None:
        super().__init__()
        self.recipe = recipe
        self.encoder = SubjectEncoder(base, recipe.layers)
        self.head = nn.Linear(2 * self.encoder.bert.config.hidden_size, 1 + len(NAMES))
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """(texts, 1 + signals) logits from (texts, tokens, width)."""
        read = self.encoder.through(hidden, mask, self.recipe.frozen, self.recipe.layers)
        there = mask.unsqueeze(-1)
        mean = (read * there).sum(1) / there.sum(1)
        most = (read - 1e4 * (1 - there)).max(1).values
        logits: Tensor = self.head(self.dropout(torch.cat([mean, most], 1)))
        return logits


def targets_of(learnt: Sequence[Learnt]) -> Tensor:
    """(texts, 1 + signals) of softened 0 and 1."""
    told = [[bool(row.names), *(name in row.names for name in NAMES)] for row in learnt]
    return torch.tensor(told, dtype=torch.float32) * (1 - 2 * SOFTENED) + SOFTENED


def tokens_of(learnt: Sequence[Learnt], base: Path, noise: random.Random, hurt: bool) -> list[list[int]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    texts = (augmented(row.text, "letter", noise) if hurt else row.text for row in learnt)
    return [cut_passage(tokenizer.encode(text).ids) for text in texts]


def fit(learnt: Sequence[Learnt], base: Path, recipe: Recipe, tell: Callable[[str], None] = print) -> PassageReader:
    """Epochs in turn on the clean texts and on copies hurt as a scan hurts."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    noise = random.Random(recipe.seed)
    reader = PassageReader(base, recipe)
    copies = [keep(reader.encoder, tokens_of(learnt, base, noise, hurt), recipe) for hurt in (False, True)]
    targets, counts = targets_of(learnt), torch.tensor([2.0] + [1.0] * len(NAMES))
    ((epochs, rate),) = recipe.rounds
    optimizer, schedule = _optimizer(reader, rate, epochs * -(-len(learnt) // recipe.batch))
    for epoch in range(epochs):
        copy, losses = copies[epoch % 2], []
        reader.train()
        for batch in by_length([len(hidden) for hidden in copy.hidden], recipe.batch, noise):
            wrong = nn.functional.binary_cross_entropy_with_logits(
                reader(*copy.batch(batch)), targets[batch], reduction="none"
            )
            losses.append(stepped((wrong * counts).mean(), reader, optimizer, schedule))
        tell(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.process_time():.0f} CPU s")
    return reader.eval()


def _optimizer(
    reader: PassageReader, rate: float, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    for parameter in reader.encoder.parameters():
        parameter.requires_grad_(False)
    upper = [own for layer in reader.encoder.bert.encoder.layer[reader.recipe.frozen :] for own in layer.parameters()]
    for parameter in upper:
        parameter.requires_grad_(True)
    groups = [{"params": upper, "lr": rate}, {"params": list(reader.head.parameters()), "lr": reader.recipe.head_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / 30, max(0.03, 1 - step / steps))
    )
    return optimizer, schedule


def said_of(reader: PassageReader, learnt: Sequence[Learnt], base: Path) -> Floats:
    """(texts, 1 + signals) logits."""
    kept = keep(reader.encoder, tokens_of(learnt, base, random.Random(0), hurt=False), reader.recipe)
    with torch.no_grad():
        return np.array([reader(*kept.batch([row]))[0].numpy() for row in range(len(learnt))], dtype=np.float32)


def export(reader: PassageReader, path: Path) -> None:
    """Write the network, weights in 8 bits, 7 of them used."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    full = path.with_suffix(".full.onnx")
    hidden = torch.zeros(1, 16, reader.encoder.bert.config.hidden_size)
    torch.onnx.export(
        reader.eval(),
        (hidden, torch.ones(1, 16)),
        str(full),
        input_names=["hidden", "mask"],
        output_names=["logits"],
        dynamic_axes={"hidden": {0: "texts", 1: "tokens"}, "mask": {0: "texts", 1: "tokens"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    full.unlink()


def build(base: Path, out: Path) -> None:
    """Both readers from everybody, to ship; and what readers that never saw them say of the judge's hands."""
    out.mkdir(parents=True, exist_ok=True)
    everything, ordinary = rows()
    for name, recipe, learnt in zip(PASSAGES, RECIPES, (list(short_texts()), everything), strict=True):
        export(fit(learnt, base, recipe), out / name)
    mail = [Learnt(text, frozenset(), 1.0, "") for text in short_ordinary(ordinary)]
    said: dict[str, Floats] = {}
    for hands in FOLDS:
        first = fit([row for row in everything if row.writer not in hands], base, RECIPES[-1])
        asked = [row for row in everything if row.writer in hands] + mail
        for row, logits in zip(asked, said_of(first, asked, base), strict=True):
            said.setdefault(row.text, logits)
    np.savez_compressed(out / HELD_PASSAGES, logits=np.array(list(said.values())), texts=list(said))
