"""The networks, in PyTorch. Only training needs this module; reading runs the exported ONNX files."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn


def _block(before: int, after: int, pool: tuple[int, int] | None) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    if pool:
        layers.append(nn.MaxPool2d(pool))
    return nn.Sequential(*layers)


class _Refined(nn.Module):
    """A residual convolution behind a rectified layer. It changes nothing until it has learnt something."""

    def __init__(self, channels: int, reach: tuple[int, int]) -> None:
        super().__init__()
        padding = (reach[0] // 2, reach[1] // 2)
        self.conv = nn.Conv2d(channels, channels, reach, padding=padding, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm.weight)

    def forward(self, seen: Tensor) -> Tensor:
        return torch.relu(seen + self.norm(self.conv(seen)))


class Crnn(nn.Module):
    """Crops (n, 1, 48, width), ink 0..1 -> log probabilities (n, width / 2, letters + 1). Blank is class 0."""

    def __init__(self, letters: int, widths: tuple[int, int, int, int] = (20, 40, 64, 96), memory: int = 96) -> None:
        super().__init__()
        a, b, c, d = widths
        self.stem = nn.Sequential(nn.Conv2d(1, a, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(a), nn.ReLU())
        self.pool = nn.MaxPool2d((2, 1))  # 12 rows
        blocks = ((a, b, (2, 1)), (b, c, (2, 1)), (c, d, None))  # 6 rows, then 3
        self.body = nn.Sequential(*(part for one in blocks for part in (_block(*one), _Refined(one[1], (3, 3)))))
        self.collapse = nn.Sequential(nn.Conv2d(d, d, (3, 1), bias=False), nn.BatchNorm2d(d), nn.ReLU())
        self.along = nn.Sequential(*(_Refined(d, (1, 5)) for _ in range(3)))
        self.drop = nn.Dropout(0.15)
        self.memory = nn.LSTM(d, memory, bidirectional=True, batch_first=True)
        self.head = nn.Linear(2 * memory, letters + 1)

    def forward(self, crops: Tensor) -> Tensor:
        columns = self.along(self.collapse(self.body(self.pool(self.stem(crops))))).squeeze(2).transpose(1, 2)
        remembered, _ = self.memory(self.drop(columns))
        return cast(Tensor, self.head(self.drop(remembered)).log_softmax(-1))


class _Again(nn.Module):
    """A residual convolution: looks once more at what a block made, twice as far around."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block = _block(channels, channels, None)

    def forward(self, seen: Tensor) -> Tensor:
        return cast(Tensor, seen + self.block(seen))


class CharacterNet(nn.Module):
    """CMC-7 cells (n, 1, 32, 48) of one line, ink about 0..1 -> log probabilities over the 15 characters.

    What all cells look like together (printer, blur, how much two tones left of the bars) is told to each of them.
    """

    def __init__(self, line: int = 0) -> None:
        """`line`: cells of each line where several are looked at together, as in training; 0 where all are of one."""
        super().__init__()
        self.line = line
        self.stem = nn.Sequential(nn.Conv2d(1, 20, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(20), nn.ReLU())
        self.body = nn.Sequential(_block(20, 32, (2, 2)), _Again(32), _block(32, 48, (2, 2)), _Again(48))
        self.features = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(48 * 4 * 6, 128), nn.ReLU())
        self.manner = nn.Sequential(nn.Linear(128, 32), nn.ReLU())
        self.head = nn.Sequential(nn.Linear(128 + 32, 96), nn.ReLU(), nn.Linear(96, 15))

    def forward(self, cells: Tensor) -> Tensor:
        seen = self.features(self.body(self.stem(cells)))
        manner = self.manner(seen)
        if self.line:
            lines = manner.reshape(-1, self.line, manner.shape[1]).mean(1, keepdim=True)
            common = lines.expand(-1, self.line, -1).reshape(manner.shape)
        else:
            common = manner.mean(0, keepdim=True).expand(manner.shape)
        return cast(Tensor, self.head(torch.cat([seen, common], 1)).log_softmax(-1))


def export(network: nn.Module, example: Tensor, path: str, dynamic_width: bool) -> None:
    """Write an ONNX file whose batch (and width, for lines) may vary."""
    network.eval()
    axes = {"input": {0: "n"}, "output": {0: "n"}}
    if dynamic_width:
        axes["input"][3] = "width"
        axes["output"][1] = "columns"
    torch.onnx.export(
        network,
        (example,),
        path,
        input_names=["input"],
        output_names=["output"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
