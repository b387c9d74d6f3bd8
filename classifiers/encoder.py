"""The transformer at work: ONNX with onnxruntime, or any Hugging Face folder of the same labels."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.wording import Wording

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]
Hidden = NDArray[np.float32]
MOST_TOKENS = 128
LOWER_LAYERS = 4  # that fine-tuning leaves as they are: two networks stand on them, each loaded and run once
LOWER, UPPER = "lower.onnx", "upper.onnx"
TAIL_TOKENS = 40  # of what is still too long the beginning and the end are read
_CLOSING = re.compile(
    r"^[^\n]*(?:veuillez agr[ée]er|je vous prie d['’ ]agr[ée]er|recevez|salutations|cordialement|bien [àa] vous|"
    r"dans l['’ ]attente de)[^\n]*$|^[^\n]{0,12}(?:madame, monsieur|messieurs|mesdames, messieurs)[ ,]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(
    r"^[^\n]*\b\d{5}\b[^\n]{0,40}$|^[^\n]{0,60}\b(?:rue|avenue|boulevard|impasse|chemin|allée|BP|CS|TSA)\b[^\n]{0,40}$",
    re.MULTILINE,
)


def short_sentence(wording: Wording) -> str:
    """The wording without addresses at the head and closing formulas: what fits into the tokens read."""
    return Wording(wording.markers, body_of(wording), wording.ticked).sentence


def body_of(wording: Wording) -> str:
    """The text without addresses at its head and closing formulas; unchanged where little else would be left."""
    text = wording.text
    head, rest = text[:420], text[420:]
    head = _ADDRESS.sub("", head)
    shorter = _CLOSING.sub("", head + rest)
    shorter = re.sub(r"\n\s*\n+", "\n", shorter).strip()
    return shorter if len(shorter) > 40 else text


def cut(ids: Sequence[int], most: int = MOST_TOKENS, tail: int = TAIL_TOKENS) -> list[int]:
    """At most `most` ids: the beginning, and the last `tail` with the closing token."""
    return list(ids) if len(ids) <= most else [*ids[: most - tail], *ids[-tail:]]


class Encoder:
    """Logits of subcategories and flags from a network. `forward` takes ids and mask of one item, shape (1, tokens)."""

    def __init__(
        self,
        tokenize: Callable[[str], list[int]],
        forward: Callable[[Ids, Ids], Floats],
        order: Sequence[int],
        flag_order: Sequence[int | None],
    ) -> None:
        self.tokenize = tokenize
        self._forward = forward
        self._order = list(order)
        self._flag_order = list(flag_order)

    def logits(self, wording: Wording) -> tuple[Floats, Floats]:
        """Subcategory logits and flag logits in the order asked for; a flag the network lacks gets 0."""
        ids = np.array([cut(self.tokenize(short_sentence(wording)))], dtype=np.int64)
        scores = self._forward(ids, np.ones_like(ids))
        flags = np.array([0.0 if i is None else scores[i] for i in self._flag_order])
        return scores[self._order], flags

    @classmethod
    def find(cls, folder: Path, labels: Sequence[str], flags: Sequence[str]) -> Encoder | None:
        """The network of a folder: ours in two halves, or in one piece, else a torch folder; None where there is none.

        Raises ValueError when its labels are not those of the linear model.
        """
        if not (folder / "tokenizer.json").exists():
            return None
        names = _names_of(folder)
        missing = set(labels) - set(names)
        if missing:
            raise ValueError(f"{folder.name}: the model lacks the labels {', '.join(sorted(missing))}")
        order = [names.index(label) for label in labels]
        flag_order = [names.index("flag:" + f) if "flag:" + f in names else None for f in flags]
        tokenize = tokenizer_of(folder)
        if (folder / LOWER).exists() and (folder / UPPER).exists():
            return cls(tokenize, _halves_forward(opened(folder / LOWER), opened(folder / UPPER)), order, flag_order)
        for whole in (folder / "encoder.onnx", folder / "model.onnx"):
            if whole.exists():
                return cls(tokenize, _onnx_forward(opened(whole)), order, flag_order)
        return cls(tokenize, _torch_forward(folder), order, flag_order)


def _names_of(folder: Path) -> list[str]:
    """Output names from `config.json` (`id2label`), flags written `flag:<name>`."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    by_id = config.get("id2label", {})
    return [by_id[key] for key in sorted(by_id, key=int)]


def tokenizer_of(folder: Path) -> Callable[[str], list[int]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return lambda text: list(tokenizer.encode(text).ids)


def opened(path: Path) -> Any:
    """The network of a file, one thread; the same one for all who ask while the file stays as it is."""
    return _opened(path.resolve(), path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _opened(path: Path, _changed: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def lower_said(lower: Any, ids: Ids, mask: Ids) -> Hidden:
    """What the lower layers say of the tokens, (texts, tokens, width)."""
    (hidden,) = lower.run(None, {"input_ids": ids, "attention_mask": mask})
    return np.asarray(hidden, dtype=np.float32)


def _halves_forward(lower: Any, upper: Any) -> Callable[[Ids, Ids], Floats]:
    hidden_name = next(given.name for given in upper.get_inputs() if given.name != "attention_mask")

    def forward(ids: Ids, mask: Ids) -> Floats:
        (scores,) = upper.run(None, {hidden_name: lower_said(lower, ids, mask), "attention_mask": mask})
        return np.asarray(scores[0], dtype=np.float64)

    return forward


def _onnx_forward(session: Any) -> Callable[[Ids, Ids], Floats]:
    wanted = {given.name for given in session.get_inputs()}
    first = session.get_outputs()[0].name

    def forward(ids: Ids, mask: Ids) -> Floats:
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (scores,) = session.run([first], {k: v for k, v in given.items() if k in wanted})
        return np.asarray(scores[0], dtype=np.float64)

    return forward


def _torch_forward(folder: Path) -> Callable[[Ids, Ids], Floats]:
    """Any sequence classifier of the transformers library; needs PyTorch installed."""
    import torch
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True).eval()

    def forward(ids: Ids, mask: Ids) -> Floats:
        with torch.inference_mode():
            out = model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))
        return np.asarray(out.logits[0].numpy(), dtype=np.float64)

    return forward
