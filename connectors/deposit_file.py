"""A deposit list as files: CSV, JSON, and a sheet to print, sign and hand in with the cheques."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from models.bank import Deposit, DepositLine
from models.errors import ConfigurationError
from models.money import euros
from pipelines.deposit import as_csv, as_json

_WORDS = {
    "fr": ("Bordereau de remise de chèques", "Remis par", "Remise", "du", "N°", "Chèque n°", "Tireur", "Dossier",
           "Montant", "Nombre de chèques", "Total", "Somme des numéros", "Empreinte", "Date et signature", "page"),
    "en": ("Cheque deposit list", "Handed in by", "List", "of", "No.", "Cheque no.", "Drawer", "Claim",
           "Amount", "Number of cheques", "Total", "Sum of numbers", "Digest", "Date and signature", "page"),
}  # fmt: skip
_LINES_A_PAGE = 34
_COLUMNS = (18 * mm, 30 * mm, 58 * mm, 118 * mm, 192 * mm)  # the last is a right edge


def write_deposit(deposit: Deposit, folder: Path, agency: str = "", language: str = "fr") -> list[Path]:
    """Three files named after the list; written again they are the same, byte for byte."""
    contents = {
        "csv": as_csv(deposit).encode(),
        "json": as_json(deposit).encode(),
        "pdf": deposit_sheet(deposit, agency, language),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for kind, content in contents.items():
            path = folder / f"remise-{deposit.deposit_id}.{kind}"
            path.write_bytes(content)
            paths.append(path)
        return paths
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be written: {error.strerror}", "name another folder") from error


def deposit_sheet(deposit: Deposit, agency: str = "", language: str = "fr") -> bytes:
    """A PDF of A4 pages. The same list gives the same bytes."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    words = _WORDS[language]
    canvas.setTitle(f"{words[0]} {deposit.deposit_id}")
    pages = [deposit.lines[at : at + _LINES_A_PAGE] for at in range(0, max(1, len(deposit.lines)), _LINES_A_PAGE)]
    for number, lines in enumerate(pages, 1):
        y = _head(canvas, deposit, agency, words, f"{words[14]} {number}/{len(pages)}", language)
        for line in lines:
            y -= 6.2 * mm
            _row(canvas, line, y, language)
        if number == len(pages):
            _foot(canvas, deposit, words, y, language)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _head(canvas: Canvas, deposit: Deposit, agency: str, words: tuple[str, ...], page: str, language: str) -> float:
    """Title and heads of the columns; where the first row hangs from, in points."""
    top = A4[1] - 20 * mm
    canvas.setFont("Helvetica-Bold", 15)
    canvas.drawString(_COLUMNS[0], top, words[0])
    canvas.setFont("Helvetica", 9)
    canvas.drawRightString(_COLUMNS[4], top, page)
    day = f"{deposit.day:%d/%m/%Y}" if language == "fr" else deposit.day.isoformat()
    canvas.drawString(_COLUMNS[0], top - 7 * mm, f"{words[2]} {deposit.deposit_id} {words[3]} {day}")
    if agency:
        canvas.drawString(_COLUMNS[0], top - 12 * mm, f"{words[1]} {_printable(agency, 90)}")
    y = top - 20 * mm
    canvas.setFont("Helvetica-Bold", 9)
    for x, head in zip(_COLUMNS, words[4:8], strict=False):
        canvas.drawString(x, y, head)
    canvas.drawRightString(_COLUMNS[4], y, words[8])
    canvas.line(_COLUMNS[0], y - 1.5 * mm, _COLUMNS[4], y - 1.5 * mm)
    return float(y)


def _row(canvas: Canvas, line: DepositLine, y: float, language: str) -> None:
    canvas.setFont("Helvetica", 9)
    texts = (
        str(line.position),
        line.number or "–",
        _printable(line.drawer, 34),
        _printable("; ".join(line.claim_refs), 38),
    )
    for x, text in zip(_COLUMNS, texts, strict=False):
        canvas.drawString(x, y, text)
    canvas.drawRightString(_COLUMNS[4], y, _money(line.amount, language))


def _foot(canvas: Canvas, deposit: Deposit, words: tuple[str, ...], y: float, language: str) -> None:
    colon = " :" if language == "fr" else ":"
    canvas.line(_COLUMNS[0], y - 3 * mm, _COLUMNS[4], y - 3 * mm)
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(_COLUMNS[0], y - 9 * mm, f"{words[9]}{colon} {len(deposit.lines)}")
    canvas.drawRightString(_COLUMNS[4], y - 9 * mm, f"{words[10]}{colon} {_money(deposit.total, language)}")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(
        _COLUMNS[0], y - 15 * mm, f"{words[11]}{colon} {deposit.number_sum} – {words[12]}{colon} {deposit.digest}"
    )
    canvas.drawString(_COLUMNS[0], y - 26 * mm, f"{words[13]}{colon} ____________________")


def _money(cents: int, language: str) -> str:
    return euros(cents, language).replace("\u202f", "\u00a0")  # the built-in letters have no narrow space


def _printable(text: str, longest: int) -> str:
    """What Helvetica's own encoding has, no longer than its column."""
    plain = text.encode("cp1252", "replace").decode("cp1252")
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"
