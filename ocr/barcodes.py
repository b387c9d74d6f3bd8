"""Bars and squares on a page: Code 128, DataMatrix, QR and S10 by zxing, Kodak Patch T by our own eye."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import zxingcpp

from models.reading import Barcode, Box
from ocr.images import Pixels

PATCH_TEXT = "PATCHT"
SHEET_PREFIX = "MAILROOM-SEPARATOR:"
PATCH_SYMBOLOGY = "PatchT"
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_FORMATS = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode]
)


def find_barcodes(gray: Pixels, page: int = 1) -> tuple[Barcode, ...]:
    """Every symbol on a page, boxes in fractions of it; S10 is named so only with a right check digit."""
    height, width = gray.shape
    found: dict[tuple[str, str], Barcode] = {}
    page_bytes = np.ascontiguousarray(gray)
    for symbol in zxingcpp.read_barcodes(page_bytes, formats=_FORMATS, try_invert=False, try_downscale=False):
        text = symbol.text.strip()
        name = symbol.format.name
        if not symbol.valid or not text:
            continue
        corners = symbol.position
        points = (corners.top_left, corners.top_right, corners.bottom_right, corners.bottom_left)
        left, right = min(p.x for p in points), max(p.x for p in points)
        top, bottom = min(p.y for p in points), max(p.y for p in points)
        box = Box(page, left / width, top / height, (right - left) / width, (bottom - top) / height)
        kind = "S10" if name == "Code128" and valid_s10(text) else name
        found.setdefault((kind, text), Barcode(kind, text, box))
    patch = find_patch_t(gray, page)
    return (*found.values(), *((patch,) if patch else ()))


def valid_s10(text: str) -> bool:
    """UPU S10: two letters, eight digits, a check digit, two letters. Weights 8 6 4 2 3 5 9 7 (domain dossier 4)."""
    compact = text.replace(" ", "").upper()
    if not _S10.fullmatch(compact):
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(compact[2:10], _S10_WEIGHTS, strict=True)) % 11
    return int(compact[10]) == {10: 0, 11: 5}.get(check, check)


def separator_on(gray: Pixels, barcodes: Sequence[Barcode]) -> str | None:
    """The lot id on a separator sheet, "" where it names none, None where the page is no separator.

    A `PATCHT` in Code 128, Kodak Patch T bars, or our own DataMatrix, whichever survived the scan. `gray` may be the
    page as scanned: bars are found at any quarter turn.
    """
    for barcode in barcodes:
        if barcode.symbology in ("DataMatrix", "QRCode") and barcode.text.startswith(SHEET_PREFIX):
            return barcode.text.removeprefix(SHEET_PREFIX).strip()
    for barcode in barcodes:
        if barcode.symbology == "Code128" and barcode.text.strip().upper() == PATCH_TEXT:
            return ""
    if any(barcode.symbology == PATCH_SYMBOLOGY for barcode in barcodes):
        return ""
    return None


def find_patch_t(gray: Pixels, page: int = 1) -> Barcode | None:
    """Kodak Patch T: narrow, wide, narrow, wide bars with narrow gaps, in either direction and any quarter turn.

    Sizes need not be Kodak's (printers scale): wide is 2 to 3.2 times narrow, bars are long beside their height.
    A tilt of a few degrees is borne, because every bar is measured along many scan lines of its own.
    """
    shrink = 1 / max(1, round(max(gray.shape) / 1100))  # by a whole number, which is quick
    small = cv2.resize(gray, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else gray
    dark = _solid(np.asarray(small))
    for mask, upright in ((dark, True), (np.ascontiguousarray(dark.T), False)):
        rows = _patch_rows(mask)
        if rows is not None:
            top, bottom, left, right = rows
            height, width = mask.shape
            x, y, w, h = left / width, top / height, (right - left) / width, (bottom - top) / height
            box = Box(page, x, y, w, h) if upright else Box(page, y, x, h, w)
            return Barcode(PATCH_SYMBOLOGY, PATCH_TEXT, box)
    return None


def _solid(gray: Pixels) -> Pixels:
    threshold, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(gray < min(threshold, 170))


def _patch_rows(dark: Pixels) -> tuple[int, int, int, int] | None:
    """Where stacked horizontal bars show the pattern along enough columns: top, bottom, left, right."""
    step = max(1, dark.shape[1] // 250)
    hits = [(column * step, top, bottom) for column, top, bottom in _patterns_down(dark[:, ::step])]
    for run in _neighbours(hits, step):
        columns = [column for column, _, _ in run]
        tall = float(np.median([bottom - top for _, top, bottom in run]))
        if columns[-1] - columns[0] >= 1.2 * tall:
            return min(h[1] for h in run), max(h[2] for h in run), columns[0], columns[-1]
    return None


def _neighbours(hits: list[tuple[int, int, int]], step: int) -> list[list[tuple[int, int, int]]]:
    """Hits chained from column to column; a tilt moves them by no more than a few rows."""
    runs: list[list[tuple[int, int, int]]] = []
    for hit in hits:
        for run in reversed(runs):
            last = run[-1]
            if 0 < hit[0] - last[0] <= 3 * step and abs(hit[1] - last[1]) <= 3 * step:
                run.append(hit)
                break
        else:
            runs.append([hit])
    return runs


def _patterns_down(dark: Pixels) -> list[tuple[int, int, int]]:
    """Every (column, top, bottom) where seven runs down a column are n-w-n-w bars, or the reverse, with narrow gaps.

    Narrow 0.08 inch, wide 0.20 inch, gaps as narrow bars (Kodak): wide over narrow is 2.5.
    """
    height = dark.shape[0]
    padded = np.zeros((dark.shape[1], height + 2), np.int8)
    padded[:, 1:-1] = dark.T
    steps = np.diff(padded, axis=1)
    column, edge = np.nonzero(steps)
    if column.size < 8:
        return []
    widths = np.diff(edge).astype(np.float64)
    starts = np.arange(column.size - 7)
    rising = steps[column[starts], edge[starts]] > 0
    whole = (column[starts] == column[starts + 7]) & rising
    first, second, third, fourth = (widths[starts + offset] for offset in (0, 2, 4, 6))
    gaps = [widths[starts + offset] for offset in (1, 3, 5)]
    found = whole & (
        _is_patch_t((first, third), (second, fourth), gaps) | _is_patch_t((second, fourth), (first, third), gaps)
    )
    return [(int(column[at]), int(edge[at]), int(edge[at + 7])) for at in starts[found]]


def _is_patch_t(thin: Sequence[Any], thick: Sequence[Any], gaps: Sequence[Any]) -> Any:
    narrow = (sum(thin) + sum(gaps)) / 5
    wide = sum(thick) / 2
    good = (np.minimum.reduce(thin) >= 4) & (wide >= 1.9 * narrow) & (wide <= 3.3 * narrow)
    for width in (*thin, *gaps):
        good = good & (width >= 0.55 * narrow) & (width <= 1.5 * narrow)
    for width in thick:
        good = good & (width >= 0.75 * wide) & (width <= 1.25 * wide)
    return good
