"""The sample inbox: about twenty pieces of mail of every kind, from letters.toml. `make samples` makes it again.

Needs the training extra's fonts (npm) for the cheques' handwriting; what it makes is kept in the repository.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from models.money import Cents, cents_from_decimal
from ocr.separators import separator_sheet
from samples import pages, portfolio
from samples.portfolio import Row

HERE = Path(__file__).parent
INBOX = HERE / "inbox"
TODAY = date(2026, 5, 18)
Entry = dict[str, Any]


class Maker:
    """Draws each entry with the claim it names; the same bytes at each run, but for encoders' versions."""

    def __init__(self) -> None:
        self.claims = portfolio.claims()
        with (HERE / "agency.toml").open("rb") as file:
            self.agency = tomllib.load(file)
        with (HERE / "letters.toml").open("rb") as file:
            self.entries: list[Entry] = tomllib.load(file)["item"]
        self.flat: dict[str, pages.Gray] = {}

    def make(self) -> int:
        INBOX.mkdir(exist_ok=True)
        portfolio.write(HERE / "claims.csv", self.claims)
        makers: dict[str, Callable[[Entry, int], bytes]] = {
            "letter": self.letter,
            "letter+cheque": self.letter,
            "cheque": self.cheque_alone,
            "email": self.email,
            "newsletter": self.email,
            "envelope": self.envelope,
            "rescan": self.rescan,
            "batch": self.batch,
            "broken": self.broken,
        }
        for number, entry in enumerate(self.entries):
            (INBOX / entry["file"]).write_bytes(makers[entry["as"]](entry, number))
        return len(self.entries)

    def claim(self, entry: Entry) -> Row:
        return self.claims[int(entry["claim"])]

    def words(self, text: str, entry: Entry) -> str:
        if "claim" not in entry:
            return text
        claim = self.claim(entry)
        first, last = claim["first_name"], claim["last_name"].capitalize()
        names = {"ref": claim["claim_ref"], "client": claim["client_ref"], "invoice": claim["invoice_refs"]}
        sums = {"balance": claim["balance"].replace(".", ","), "creditor": claim["creditor"]}
        where = ", ".join(pages.address(claim)[1:])
        return text.format(**names, **sums, first=first, last=last, address=where)

    def amount(self, entry: Entry) -> Cents:
        balance = cents_from_decimal(self.claim(entry)["balance"])
        return balance // 200 * 100 if entry.get("amount") == "half" else balance

    def drawn(self, entry: Entry, number: int) -> pages.Gray:
        claim = self.claim(entry)
        sender = self.words(entry["sender"], entry).split("\n") if "sender" in entry else pages.address(claim)
        recipient = [self.agency["name"], *self.agency["address"]]
        town = sender[-1].split(" ", 1)[1].capitalize()
        page = pages.letter(
            sender, recipient, f"{town}, le {TODAY:%d/%m/%Y}", self.words(entry["text"], entry), sender[0]
        )
        return pages.on_page(page, self.paper_cheque(entry, number)) if "cheque" in entry["as"] else page

    def paper_cheque(self, entry: Entry, number: int) -> pages.Gray:
        day = TODAY - timedelta(days=2)
        signed, differ = bool(entry.get("signed", True)), bool(entry.get("differ", False))
        return pages.cheque(self.amount(entry), self.agency["name"], day, 100 + number, signed=signed, differ=differ)

    def letter(self, entry: Entry, number: int) -> bytes:
        self.flat[entry["file"]] = self.drawn(entry, number)
        return encoded([pages.scan(self.flat[entry["file"]], number, float(entry.get("hard", 0.15)))], entry["file"])

    def cheque_alone(self, entry: Entry, number: int) -> bytes:
        blank = np.full((pages.HEIGHT // 2, pages.WIDTH), 252, dtype=np.uint8)
        lying = self.paper_cheque(entry, number)
        blank[150 : 150 + lying.shape[0], 90 : 90 + lying.shape[1]] = lying
        back = pages.letter([], [], "", f"Dossier {self.claim(entry)['claim_ref']}", "")[: pages.HEIGHT // 2]
        return encoded([pages.scan(np.asarray(np.minimum(blank, back), np.uint8), number)], entry["file"])

    def envelope(self, entry: Entry, number: int) -> bytes:
        lines = [f"Dossier {self.claim(entry)['claim_ref']}", *pages.address(self.claim(entry))]
        return encoded([pages.scan(pages.envelope(lines, entry["text"]), number)], entry["file"])

    def rescan(self, entry: Entry, number: int) -> bytes:
        return encoded([pages.scan(self.flat[entry["of"]], number + 50, float(entry["hard"]))], entry["file"])

    def batch(self, entry: Entry, number: int) -> bytes:
        sheets = []
        for position, letter in enumerate(entry["letters"]):
            sheets.append(np.asarray(separator_sheet(dpi=pages.DPI), dtype=np.uint8))
            sheets.append(pages.scan(self.drawn({**letter, "as": "letter"}, number), number + position))
        return encoded(sheets, entry["file"])

    def broken(self, entry: Entry, number: int) -> bytes:
        whole = encoded([np.full((900, 700), 255, dtype=np.uint8)], entry["file"])
        return whole[: len(whole) // 3]

    def email(self, entry: Entry, number: int) -> bytes:
        message, sent = EmailMessage(), datetime(2026, 5, 18, 6, 30, tzinfo=UTC) + timedelta(minutes=number)
        claim = self.claim(entry) if "claim" in entry else None
        writer = f"{claim['first_name']} {claim['last_name']}" if claim else "Mobilier Comtois"
        address = (claim["email"] if claim else "") or f"client{number}@courriel.example"
        message["From"] = f"{writer} <{address}>"
        message["To"] = f"Recouvrement <courrier@{self.agency['email_domains'][0]}>"
        message["Subject"] = self.words(entry["subject"], entry)
        message["Date"] = format_datetime(sent)
        message["Message-ID"] = f"<sample-{number}@courriel.example>"
        text = self.words(entry["text"], entry)
        if entry.get("quoted"):
            asked = f"Nous vous rappelons que le dossier {claim['claim_ref'] if claim else ''} reste impayé."
            text += f"\n\nLe lun. 11 mai 2026 à 09:12, {self.agency['name']} a écrit :\n> {asked}\n> Merci de régler."
        message.set_content(text)
        if entry.get("attachment") == "proof":
            page = self.proof(entry, writer)
            message.add_attachment(page, maintype="application", subtype="pdf", filename="avis-virement.pdf")
        return message.as_bytes()

    def proof(self, entry: Entry, writer: str) -> bytes:
        body = f"Avis d'exécution de virement\n\nDonneur d'ordre : {writer}\n\nBénéficiaire : {self.agency['name']}\n\n"
        body += self.words("Montant : {balance} EUR\n\nMotif : {ref}\n\nDate : 18/05/2026", entry)
        return encoded([pages.letter(["Banque du Morvan"], [], "", body, "")], "proof.pdf")


def encoded(sheets: list[pages.Gray], name: str) -> bytes:
    """The pages as the file name says: PDF, multi-page TIFF, JPEG or PNG."""
    pictures, out = [Image.fromarray(sheet) for sheet in sheets], io.BytesIO()
    kind = {"pdf": "PDF", "tif": "TIFF", "jpg": "JPEG", "png": "PNG"}[name.rsplit(".", 1)[1]]
    more: dict[str, Any] = {"save_all": True, "append_images": pictures[1:]} if kind in ("PDF", "TIFF") else {}
    if kind == "TIFF":
        more["compression"] = "jpeg"
    if kind == "JPEG":
        more["quality"] = 75
    resolution = {"resolution": pages.DPI} if kind == "PDF" else {"dpi": (pages.DPI, pages.DPI)}
    pictures[0].save(out, kind, **more, **resolution)
    return out.getvalue()


if __name__ == "__main__":
    print(f"{Maker().make()} files in {INBOX.relative_to(HERE.parent)}")
