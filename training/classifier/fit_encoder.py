"""Fine-tune the upper layers of the pruned encoder for subcategories and flags, on a processor.

The lower layers stay as they are, so what they say of every text is computed once and kept; only the upper layers and
the head are trained, from there. The head begins as a logistic regression on what the untrained encoder says: a random
one would spend the first epochs on that. Two copies of each text (clean and hurt), about three CPU minutes an epoch.
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

from classifiers.encoder import cut, short_sentence
from training.classifier.augment import augmented
from training.classifier.calibrate import CATEGORY_OF_LABEL
from training.classifier.corpus import Example, wording_of_example
from training.classifier.fit_linear import FLAGS, LABELS, flag_targets

UNSEEN = -4.0  # logit of a label nobody showed
FEWEST_POSITIVE = 3  # examples under which a flag cannot be fitted


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the outcome, seeds included."""

    layers: int = 8
    frozen: int = 4
    epochs: int = 5
    batch: int = 16
    rate: float = 1e-4  # of the top layer
    decay: float = 0.85  # of the rate, a layer down
    head_rate: float = 1e-3
    category_share: float = 0.5  # of the loss of the category beside that of the subcategory
    flag_share: float = 0.15
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
        return self._through(self.bert.embeddings(input_ids=ids), mask, 0, layers)

    def upper(self, hidden: Tensor, mask: Tensor, start: int) -> Tensor:
        """Logits from what the lower layers said."""
        logits: Tensor = self.head(self.dropout(self.pooled(hidden, mask, start)))
        return logits

    def pooled(self, hidden: Tensor, mask: Tensor, start: int) -> Tensor:
        """The mean of the tokens after the last layer, (texts, width)."""
        hidden = self._through(hidden, mask, start, len(self.bert.encoder.layer))
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * weights).sum(1) / weights.sum(1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return self.upper(self.bert.embeddings(input_ids=input_ids), attention_mask, 0)

    def _through(self, hidden: Tensor, mask: Tensor, start: int, end: int) -> Tensor:
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


def tokens_of(examples: Sequence[Example], folder: Path, noise: random.Random, hurt: bool) -> list[list[int]]:
    """Ids of each example, cut as the running encoder cuts; `hurt` copies pass through the channel first."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    out = []
    for example in examples:
        copy = replace(example, text=augmented(example.text, example.channel, noise)) if hurt else example
        out.append(cut(tokenizer.encode(short_sentence(wording_of_example(copy, noise))).ids))
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
    tell: Callable[[str], None] = print,
    start: SubjectEncoder | None = None,
) -> SubjectEncoder:
    """Fine-tune on the examples, from the base or from `start`: odd epochs clean, even ones hurt."""
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    noise = random.Random(recipe.seed)
    model = start if start is not None else SubjectEncoder(folder, recipe.layers)
    copies = [keep(model, tokens_of(examples, folder, noise, hurt), recipe) for hurt in (False, True)]
    tell(f"kept {len(examples)} texts twice, {time.process_time():.0f} CPU s")
    if start is None:
        begin_head(model, copies[0], examples, recipe)
    subjects = torch.tensor([LABELS.index(e.subcategory) for e in examples])
    flags = torch.tensor(flag_targets(examples), dtype=torch.float32)
    weights = torch.tensor([e.weight for e in examples])
    optimizer, schedule = _optimizer(model, recipe, steps=recipe.epochs * -(-len(examples) // recipe.batch))
    for epoch in range(recipe.epochs):
        copy, losses = copies[epoch % 2], []
        model.train()
        for rows in by_length([len(h) for h in copy.hidden], recipe.batch, noise):
            hidden, mask = copy.batch(rows)
            loss = _loss(model.upper(hidden, mask, recipe.frozen), subjects[rows], flags[rows], weights[rows], recipe)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        tell(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.process_time():.0f} CPU s")
    return model.eval()


def begin_head(model: SubjectEncoder, copy: Kept, examples: Sequence[Example], recipe: Recipe) -> None:
    """Set the head to logistic regressions on the standardised mean vectors, the standardising folded in."""
    from sklearn.linear_model import LogisticRegression

    vectors = pooled_of(model, copy, recipe)
    middle, spread = vectors.mean(0), vectors.std(0) + 1e-6
    standard = (vectors - middle) / spread
    weight = np.zeros((len(LABELS) + len(FLAGS), vectors.shape[1]))
    bias = np.full(len(weight), UNSEEN)

    def set_rows(rows: NDArray[np.int64], fitted: LogisticRegression) -> None:
        weight[rows] = fitted.coef_ / spread
        bias[rows] = fitted.intercept_ - weight[rows] @ middle

    subject = LogisticRegression(C=0.03, max_iter=200)
    subject.fit(standard, [LABELS.index(example.subcategory) for example in examples])
    set_rows(subject.classes_, subject)
    for row, column in enumerate(flag_targets(examples).T, len(LABELS)):
        if column.sum() > FEWEST_POSITIVE:
            flag = LogisticRegression(C=0.01, max_iter=200, class_weight={0: 1.0, 1: recipe.flag_weight})
            set_rows(np.array([row]), flag.fit(standard, column))
    with torch.no_grad():
        model.head.weight.copy_(torch.from_numpy(weight))
        model.head.bias.copy_(torch.from_numpy(bias))


def pooled_of(model: SubjectEncoder, copy: Kept, recipe: Recipe) -> NDArray[np.float32]:
    """Mean vectors of every text, (texts, width), from what the frozen layers said."""
    out = np.zeros((len(copy.hidden), model.bert.config.hidden_size), dtype=np.float32)
    order = sorted(range(len(copy.hidden)), key=lambda i: len(copy.hidden[i]))
    model.eval()
    with torch.no_grad():
        for start in range(0, len(order), 32):
            rows = order[start : start + 32]
            hidden, mask = copy.batch(rows)
            out[rows] = model.pooled(hidden, mask, recipe.frozen).numpy()
    return out


def _optimizer(model: SubjectEncoder, recipe: Recipe, steps: int) -> tuple[Any, Any]:
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    trained = list(model.bert.encoder.layer[recipe.frozen :])
    rates = [recipe.rate * recipe.decay ** (len(trained) - 1 - depth) for depth in range(len(trained))]
    groups = [
        {"params": list(layer.parameters()), "lr": rate, "weight_decay": 0.01}
        for layer, rate in zip(trained, rates, strict=True)
    ]
    groups.append({"params": list(model.head.parameters()), "lr": recipe.head_rate, "weight_decay": 0.0})
    for module in (*trained, model.head):
        module.requires_grad_(True)
    optimizer = torch.optim.AdamW(groups)
    warm = max(1, steps // 16)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.03, (steps - step) / max(1, steps - warm)))
    )
    return optimizer, schedule


def _loss(logits: Tensor, subjects: Tensor, flags: Tensor, weights: Tensor, recipe: Recipe) -> Tensor:
    """Subcategory, category (the sum of its subcategories) and flags, each text by its weight."""
    width = len(LABELS)
    chances = logits[:, :width].log_softmax(-1)
    subject = nn.functional.nll_loss(chances, subjects, reduction="none")
    of_label = torch.from_numpy(CATEGORY_OF_LABEL)
    sums = (chances.exp() @ nn.functional.one_hot(of_label).to(chances.dtype) + 1e-9).log()
    category = nn.functional.nll_loss(sums, of_label[subjects], reduction="none")
    positive = torch.full((flags.shape[1],), recipe.flag_weight)
    flag = nn.functional.binary_cross_entropy_with_logits(
        logits[:, width:], flags, pos_weight=positive, reduction="none"
    )
    return ((subject + recipe.category_share * category + recipe.flag_share * flag.sum(1)) * weights).mean()


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
    """Write `encoder.onnx`, tokenizer and labels.

    Weights are kept in 8 bits, 7 of them used, so that processors without VNNI do not overflow.
    `whole` keeps 32-bit weights.
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
        full.rename(folder / "encoder.onnx")
    else:
        quantize_dynamic(
            full, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        full.unlink()
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    names = [*LABELS, *("flag:" + flag for flag in FLAGS)]
    config = {"model_type": "bert", "id2label": {str(i): name for i, name in enumerate(names)}}
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
