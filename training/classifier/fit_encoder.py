"""Fine-tune the upper layers of the pruned encoder for subcategories and flags, on a processor.

The lower layers stay as they are, so what they say of every text is computed once and kept; only the upper layers and
the head are trained, from there, in rounds that begin again at a high rate. Two copies of each text (clean and hurt),
about six CPU minutes an epoch. A head that began as a regression on the untrained encoder was tried: it fitted the
writers it knew (training loss fell) and lost on the others from the first hundred steps on.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from classifiers.encoder import LOWER, LOWER_LAYERS, UPPER, cut, short_sentence, tokenizer_of
from classifiers.linear import LinearModel
from classifiers.telling import telling
from training.classifier.augment import augmented
from training.classifier.corpus import Example, wording_of_example
from training.classifier.fit_linear import FLAGS, LABELS, flag_targets


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the outcome, seeds included."""

    layers: int = 8
    frozen: int = LOWER_LAYERS
    rounds: tuple[tuple[int, float], ...] = ((3, 1.2e-4), (3, 2e-4))  # epochs and rate at their start
    batch: int = 16
    head_rate: float = 1e-3
    smoothing: float = 0.05
    flag_weight: float = 3.0  # of a flag that is there against one that is not
    seed: int = 11
    threads: int = 1


class SubjectEncoder(nn.Module):
    """`BertModel` cut to some layers, mean pooling, one linear head for subcategories and flags."""

    def __init__(self, folder: Path, layers: int) -> None:
        super().__init__()
        from transformers import AutoModel

        self.bert = AutoModel.from_pretrained(
            folder, add_pooling_layer=False, local_files_only=True, attn_implementation="eager"
        )
        self.bert.encoder.layer = self.bert.encoder.layer[:layers]
        for layer in self.bert.encoder.layer:
            layer.attention.self.dropout.p = 0.0  # costs a tenth of the time and changed nothing
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(self.bert.config.hidden_size, len(LABELS) + len(FLAGS))

    def lower(self, ids: Tensor, mask: Tensor, layers: int) -> Tensor:
        """What the first `layers` layers say, (texts, tokens, width)."""
        return self.through(self.bert.embeddings(input_ids=ids), mask, 0, layers)

    def upper(self, hidden: Tensor, mask: Tensor, start: int) -> Tensor:
        """Logits from what the lower layers said."""
        logits: Tensor = self.head(self.dropout(self.pooled(hidden, mask, start)))
        return logits

    def pooled(self, hidden: Tensor, mask: Tensor, start: int) -> Tensor:
        """The mean of the tokens after the last layer, (texts, width)."""
        hidden = self.through(hidden, mask, start, len(self.bert.encoder.layer))
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * weights).sum(1) / weights.sum(1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return self.upper(self.bert.embeddings(input_ids=input_ids), attention_mask, 0)

    def through(self, hidden: Tensor, mask: Tensor, start: int, end: int) -> Tensor:
        """What layers `start` to `end` make of what the one before said, (texts, tokens, width)."""
        bias = (1.0 - mask[:, None, None, :].to(hidden.dtype)) * -1e9
        for layer in self.bert.encoder.layer[start:end]:
            said = layer(hidden, bias)
            hidden = said[0] if isinstance(said, tuple) else said
        return hidden


@dataclass(slots=True)
class Kept:
    """One copy of every text as the lower layers left it (16-bit)."""

    hidden: list[NDArray[np.float16]]

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        longest = max(len(self.hidden[row]) for row in rows)
        width = self.hidden[0].shape[1]
        hidden = torch.zeros(len(rows), longest, width)
        mask = torch.zeros(len(rows), longest)
        for position, row in enumerate(rows):
            said = self.hidden[row]
            hidden[position, : len(said)] = torch.from_numpy(said.astype(np.float32))
            mask[position, : len(said)] = 1
        return hidden, mask


def tokens_of(
    examples: Sequence[Example], folder: Path, noise: random.Random, hurt: bool, linear: LinearModel | None = None
) -> list[list[int]]:
    """Ids of each example, cut as the running encoder cuts; `hurt` copies pass through the channel first.

    `linear` chooses the sentences of long ones; without it the beginning and the end are read.
    """
    tokenize = tokenizer_of(folder)
    out = []
    for example in examples:
        copy = replace(example, text=augmented(example.text, example.channel, noise)) if hurt else example
        wording = wording_of_example(copy, noise)
        chosen = telling(wording, linear, tokenize) if linear is not None else wording
        out.append(cut(tokenize(short_sentence(chosen))))
    return out


def by_length(lengths: Sequence[int], batch: int, noise: random.Random) -> list[list[int]]:
    """Batches of texts of like length, in random order."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] * (0.9 + 0.2 * noise.random()))
    batches = [order[start : start + batch] for start in range(0, len(order), batch)]
    noise.shuffle(batches)
    return batches


def keep(model: SubjectEncoder, tokens: Sequence[Sequence[int]], recipe: Recipe) -> Kept:
    """Run the frozen layers once over every text."""
    hidden: list[NDArray[np.float16]] = [np.zeros((0, 0), np.float16)] * len(tokens)
    order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
    model.eval()
    for start in range(0, len(order), 32):
        rows = order[start : start + 32]
        longest = max(len(tokens[row]) for row in rows)
        ids = torch.ones(len(rows), longest, dtype=torch.long)
        mask = torch.zeros(len(rows), longest)
        for position, row in enumerate(rows):
            ids[position, : len(tokens[row])] = torch.tensor(tokens[row])
            mask[position, : len(tokens[row])] = 1
        with torch.no_grad():
            said = model.lower(ids, mask, recipe.frozen).numpy().astype(np.float16)
        for position, row in enumerate(rows):
            hidden[row] = said[position, : len(tokens[row])]
    return Kept(hidden)


def train(
    examples: Sequence[Example],
    folder: Path,
    recipe: Recipe,
    linear: LinearModel,
    tell: Callable[[str], None] = print,
    start: SubjectEncoder | None = None,
) -> SubjectEncoder:
    """Fine-tune on the examples, from the base or from `start`, in the recipe's rounds; `linear` chooses sentences."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    noise = random.Random(recipe.seed)
    model = start if start is not None else SubjectEncoder(folder, recipe.layers)
    kinds = (False, True) if max(epochs for epochs, _ in recipe.rounds) > 1 else (False,)
    copies = [keep(model, tokens_of(examples, folder, noise, hurt, linear), recipe) for hurt in kinds]
    tell(f"kept {len(examples)} texts, {time.process_time():.0f} CPU s")
    subjects = torch.tensor([LABELS.index(e.subcategory) for e in examples])
    flags = torch.tensor(flag_targets(examples), dtype=torch.float32)
    weights = torch.tensor([e.weight for e in examples])
    targets = (subjects, flags, weights)
    for epochs, rate in recipe.rounds:
        _round(model, copies, targets, replace(recipe, rounds=((epochs, rate),)), noise, tell)
    return model.eval()


def _round(
    model: SubjectEncoder,
    copies: Sequence[Kept],
    targets: tuple[Tensor, Tensor, Tensor],
    recipe: Recipe,
    noise: random.Random,
    tell: Callable[[str], None],
) -> None:
    """The epochs of one round: odd ones on the clean copy, even ones on the hurt one."""
    ((epochs, rate),) = recipe.rounds
    subjects, flags, weights = targets
    optimizer, schedule = _optimizer(model, recipe, rate, steps=epochs * -(-len(subjects) // recipe.batch))
    for epoch in range(epochs):
        copy, losses = copies[epoch % 2], []
        model.train()
        for rows in by_length([len(h) for h in copy.hidden], recipe.batch, noise):
            hidden, mask = copy.batch(rows)
            loss = _loss(model.upper(hidden, mask, recipe.frozen), subjects[rows], flags[rows], weights[rows], recipe)
            losses.append(stepped(loss, model, optimizer, schedule))
        tell(f"epoch {epoch + 1} at {rate:g}: loss {np.mean(losses):.3f}, {time.process_time():.0f} CPU s")


def stepped(loss: Tensor, model: nn.Module, optimizer: Any, schedule: Any) -> float:
    """One step down this loss, gradients clipped to a norm of 1; the loss before it."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    return float(loss.item())


def _optimizer(model: SubjectEncoder, recipe: Recipe, rate: float, steps: int) -> tuple[Any, Any]:
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    trained = list(model.bert.encoder.layer[recipe.frozen :])
    for module in (*trained, model.head):
        module.requires_grad_(True)
    upper = [parameter for layer in trained for parameter in layer.parameters()]
    groups = [
        {"params": upper, "lr": rate, "weight_decay": 0.01},
        {"params": list(model.head.parameters()), "lr": recipe.head_rate, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups)
    warm = min(30, max(1, steps // 10))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.05, (steps - step) / max(1, steps - warm)))
    )
    return optimizer, schedule


def _loss(logits: Tensor, subjects: Tensor, flags: Tensor, weights: Tensor, recipe: Recipe) -> Tensor:
    width = len(LABELS)
    subject = nn.functional.cross_entropy(
        logits[:, :width], subjects, label_smoothing=recipe.smoothing, reduction="none"
    )
    positive = torch.full((flags.shape[1],), recipe.flag_weight)
    flag = nn.functional.binary_cross_entropy_with_logits(
        logits[:, width:], flags, pos_weight=positive, reduction="none"
    )
    return ((subject + 2.0 * flag.mean(1)) * weights).mean()


def logits_of(model: SubjectEncoder, tokens: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """Logits of each text, one at a time in order of length."""
    out = np.zeros((len(tokens), len(LABELS) + len(FLAGS)))
    model.eval()
    with torch.no_grad():
        for row, ids in enumerate(tokens):
            given = torch.tensor([list(ids)])
            out[row] = model(given, torch.ones_like(given)).numpy()[0]
    return out


def export(model: SubjectEncoder, base: Path, folder: Path, whole: bool = False) -> None:
    """Write the network in two halves, tokenizer and labels.

    Weights are kept in 8 bits, 7 of them used, so that processors without VNNI do not overflow.
    `whole` keeps 32-bit weights, in one piece.
    """
    import json
    import shutil

    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    full = folder / "encoder-full.onnx"
    sample = torch.ones(1, 16, dtype=torch.long)
    axes = {"input_ids": {0: "texts", 1: "tokens"}, "attention_mask": {0: "texts", 1: "tokens"}}
    torch.onnx.export(
        model.eval(),
        (sample, sample),
        str(full),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    if whole:
        full.rename(folder / "model.onnx")
    else:
        eighth = folder / "encoder-8-bit.onnx"
        quantize_dynamic(full, eighth, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        split(eighth, folder)
        full.unlink()
        eighth.unlink()
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    names = [*LABELS, *("flag:" + flag for flag in FLAGS)]
    config = {"model_type": "bert", "id2label": {str(i): name for i, name in enumerate(names)}}
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")


def split(network: Path, folder: Path) -> None:
    """The layers that stay as they are, and those fine-tuned, as two networks."""
    import onnx
    from onnx.utils import Extractor

    between = f"/layer.{LOWER_LAYERS - 1}/output/LayerNorm/LayerNormalization_output_0"
    parts = Extractor(onnx.shape_inference.infer_shapes(onnx.load(network)))
    onnx.save(parts.extract_model(["input_ids", "attention_mask"], [between]), folder / LOWER)
    onnx.save(parts.extract_model([between, "attention_mask"], ["logits"]), folder / UPPER)
