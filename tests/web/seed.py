"""A desk with work on it: a real ledger in a folder, claims, and mail of every kind, all of it invented here.

`python -m tests.web.seed FOLDER` fills a folder that `mailroom serve --data FOLDER` can show.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from connectors.database import DatabaseLedger, open_ledger
from connectors.database.people import Role
from connectors.memory import FrozenClock, MemoryObjectStore
from connectors.policy_file import load_policy
from models.agency import Agency
from models.cheque import ChequeProblem, ChequeReading, Cmc7Line, rlmc_key
from models.claim import Claim, Status
from models.decision import Decision, Reason
from models.evidence import Candidate, Evidence, Matches
from models.item import Channel, Item, Outcome, Receipt, Stage, item_id_for, receipt_id_for
from models.labels import CATEGORY_OF, Flag, Subcategory
from models.money import Cents
from models.reading import EmailHeaders, ItemReading, Page, Part, PartKind
from models.understanding import Cue, Facts, Mention, MentionKind, Mentions, Understanding
from pipelines.decide import decide
from pipelines.journey import case_of
from pipelines.match import hold_candidates
from pipelines.ports import ObjectStore
from pipelines.receive import object_key
from pipelines.services import Services
from pipelines.settle import settle
from tests.web.papers import Paper

NOW = datetime(2026, 6, 3, 9, 40, tzinfo=UTC)
LEDGER = "mailroom.sqlite"
PASSWORD = "un-mot-de-passe-long"
HOSTILE = "<script>alert('x')</script>\"onload=x"

CLAIMS = (
    Claim("MB-2025/0417", "Mobiline", 21840, 20640, 1200, "ML 88 213 004", ("F-20250917",), "M.", "ARGOAT", "", "Paul",
          address="4 RUE DU MOULIN", postcode="35000", city="RENNES", phone="0611223344", debtor_ref="argoat",
          opened_on=date(2025, 11, 4), email="paul.argoat@courriel.example"),
    Claim("MB-2024/1180", "Mobiline", 6490, 6490, 0, "ML 88 213 004", ("F-20240211",), "M.", "ARGOAT", "", "Paul",
          address="4 RUE DU MOULIN", postcode="35000", city="RENNES", debtor_ref="argoat",
          opened_on=date(2024, 6, 21), status=Status.PROMISE_TO_PAY),
    Claim("EV 7731-K", "Énergie du Val", 74512, 70012, 4500, "C0099812", ("2025-441", "2025-518"), "MME", "LE GOFF",
          "TANGUY", "Soizic", birth_date=date(1971, 3, 9), address="17 BIS RUE DE BREST", postcode="29200",
          city="BREST", phone="0298000000", debtor_ref="legoff", opened_on=date(2026, 1, 12)),
    Claim("EV 7713-K", "Énergie du Val", 31200, 31200, 0, "C0093377", ("2025-229",), "M.", "LE GOFF", "", "Yann",
          address="2 PLACE DU PORT", postcode="29200", city="BREST", debtor_ref="legoff-y", opened_on=date(2025, 9, 2)),
    Claim("ASV-40871", "Assurances du Vallon", 41000, 41000, 0, "P-771204", (), "MME", "DIARRA", "", "Awa",
          address="88 AVENUE FOCH", postcode="54000", city="NANCY", debtor_ref="diarra", opened_on=date(2026, 2, 2),
          email="awa.diarra@courriel.example"),
    Claim("ASV-40178", "Assurances du Vallon", 12900, 12900, 0, "P-338801", (), "M.", "KLEIN", "", "Robert",
          address="3 RUE DES TANNEURS", postcode="67000", city="STRASBOURG", debtor_ref="klein",
          opened_on=date(2025, 3, 18)),
    Claim("CR/991/24", "Crédit Roseau", 288000, 280000, 8000, "", ("PRET-24-0091",), "", "", "", "",
          "MENUISERIE BARDOT SARL", None, "ZA DES CHÊNES", "87000", "LIMOGES", debtor_ref="bardot",
          opened_on=date(2025, 12, 1), phone="0555000000"),
    Claim("CR/119/24", "Crédit Roseau", 95050, 95050, 0, "", (), "M.", "MOREL", "", "Bastien",
          address="51 COURS GAMBETTA", postcode="34000", city="MONTPELLIER", debtor_ref="morel",
          opened_on=date(2026, 3, 30)),
)  # fmt: skip


@dataclass
class Desk:
    """What a test works with."""

    services: Services
    ledger: DatabaseLedger
    clock: FrozenClock
    ids: dict[str, str]


class NoModel:
    """The seed brings its own understandings; nothing is classified or matched here."""

    def understand(self, reading: ItemReading) -> Understanding:
        raise AssertionError("the web classifies nothing")

    def refresh(self) -> None: ...

    def match(self, mentions: Mentions, text: str, amounts: Sequence[Cents] = ()) -> Matches:
        raise AssertionError("the web matches nothing")


def open_desk(folder: Path, objects: ObjectStore | None = None) -> Desk:
    """Claims and people, no mail yet."""
    ledger = open_ledger(f"sqlite:///{(folder / LEDGER).resolve()}")
    clock = FrozenClock(NOW)
    services = Services(
        ledger=ledger,
        objects=objects or MemoryObjectStore(),
        clock=clock,
        agency=Agency("Agence Exemple", ("AGENCE EXEMPLE RECOUVREMENT",)),
        policy=load_policy(),
        classifier=NoModel(),
        index=NoModel(),
    )
    with ledger.write() as books:
        books.claims.upsert(CLAIMS)
        for name, role in (
            ("camille", Role.OPERATOR),
            ("dominique", Role.OPERATOR),
            ("sacha", Role.SUPERVISOR),
            ("alix", Role.ADMIN),
            ("audit", Role.AUDITOR),
        ):
            books.people.add(name, PASSWORD, role, NOW)
    return Desk(services, ledger, clock, {})


@dataclass(frozen=True)
class Mail:
    """One item as the steps before the desk would have left it."""

    name: str
    file_name: str
    channel: Channel
    hours_ago: float
    reading: ItemReading
    understanding: Understanding
    mentions: Mentions
    matches: Matches
    previews: tuple[bytes, ...] = ()


def add(desk: Desk, mail: Mail) -> str:
    """Received, read, understood, matched, held and decided, by the journey's own steps. Returns the item's id."""
    services, content = desk.services, f"{mail.name}:{mail.file_name}".encode()
    key = f"seed#{mail.name}"
    receipt = Receipt(
        receipt_id_for(key), key, "seed", mail.file_name, hashlib.sha256(content).hexdigest(), len(content),
        mail.channel, NOW - timedelta(hours=mail.hours_ago),
    )  # fmt: skip
    services.objects.put_if_absent(object_key(receipt.sha256), content)
    for preview in mail.previews:
        services.objects.put_if_absent(object_key(hashlib.sha256(preview).hexdigest()), preview, "image/jpeg")
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with desk.ledger.write() as books:
        books.items.add_receipt(receipt)
        books.items.open_receipt(receipt.receipt_id, [item])
        books.items.save_reading(item.item_id, mail.reading, ())
        item = books.items.move(item, Stage.READ)
        books.items.save_understanding(item.item_id, mail.understanding, mail.mentions)
        item = hold_candidates(services, books, item, receipt, mail.matches, receipt.received_at)
        record = books.items.record(item.item_id)
        assert record is not None
        settle(books, item, decide(case_of(books, record), services.policy), receipt.received_at, "auto")
    desk.ids[mail.name] = item.item_id
    return item.item_id


def add_refused(desk: Desk, name: str, file_name: str, code: str, detail: str = "") -> str:
    content = f"{name}".encode()
    receipt = Receipt(
        receipt_id_for(name), name, "seed", file_name, hashlib.sha256(content).hexdigest(), len(content),
        Channel.SCAN, NOW - timedelta(hours=3),
    )  # fmt: skip
    desk.services.objects.put_if_absent(object_key(receipt.sha256), content)
    item = Item(item_id_for(receipt.receipt_id, 0), receipt.receipt_id, 0, None)
    with desk.ledger.write() as books:
        books.items.add_receipt(receipt)
        books.items.open_receipt(receipt.receipt_id, [item])
        decision = Decision(Outcome.REFUSED, reasons=(Reason(code, detail),))
        settle(books, item, decision, receipt.received_at, "auto")
    desk.ids[name] = item.item_id
    return item.item_id


# -- the mail --------------------------------------------------------------------------------------------------------


def understood(
    subcategory: Subcategory,
    confidence: float = 0.97,
    flags: tuple[Flag, ...] = (),
    protective: tuple[str, ...] = (),
    facts: Facts | None = None,
    cues: tuple[Cue, ...] = (),
) -> Understanding:
    return Understanding(
        CATEGORY_OF[subcategory],
        subcategory,
        confidence,
        flags,
        {flag.value: 0.93 for flag in flags},
        min(confidence, 0.9),
        protective,
        facts=facts or Facts(),
        cues=cues,
        model="seed-1",
    )


def candidate(ref: str, score: float, *clues: tuple[str, str, str, float, float]) -> Candidate:
    return Candidate(ref, score, tuple(Evidence(*clue) for clue in clues))


def matched(*candidates: Candidate, proposed: bool = True) -> Matches:
    best = candidates[0] if candidates else None
    return Matches(
        candidates,
        best.claim_ref if best and proposed else None,
        best.score if best else 0.0,
        plausible=tuple(one.claim_ref for one in candidates if one.score > 0.05),
    )


def typed_letter(lines: list[str], doubtful: tuple[str, ...] = (), hand: bool = False) -> Paper:
    paper = Paper(tint=(250, 249, 244) if hand else (253, 253, 252))
    y = 110
    for line in lines:
        if line:
            paper.write(100, y, line, 27 if hand else 25, hand=hand, doubtful=doubtful)
        y += 42
    return paper


def on_paper(paper: Paper, *parts: Part, cheques: tuple[ChequeReading, ...] = (), hand: bool = False) -> ItemReading:
    preview = hashlib.sha256(paper.jpeg()).hexdigest()
    page = paper.page(preview, 0.84 if hand else 0.95, hand)
    return ItemReading(
        page.text, page.text, pages=(page,), parts=parts or (Part(PartKind.LETTER, (1,)),), cheques=cheques
    )


def mention(paper: Paper, kind: MentionKind, text: str, value: str) -> Mention:
    return Mention(kind, text, value, box=paper.box_of(text.split()[0]))


def cheque_mail() -> Mail:
    paper = typed_letter(
        [
            "Paul Argoat",
            "4 rue du Moulin",
            "35000 Rennes",
            "",
            "Rennes, le 28 mai 2026",
            "Dossier MB-2025/0417",
            "",
            "Madame, Monsieur,",
            "Vous trouverez ci-joint mon chèque de 218,40 euros",
            "pour solder la facture F-20250917 de Mobiline.",
            "Merci de me confirmer que tout est réglé.",
            "",
            "P. Argoat",
        ],
        doubtful=("F-20250917",),
    )
    box = paper.cheque(900, "218,40 €", "deux cent quatre-vingts euros 40", "Agence Exemple Recouvrement")
    cheque = ChequeReading(
        1,
        (box[0], box[1], box[2], box[3]),
        Cmc7Line(
            "C4217733C042014506908E052108899000A",
            0.99,
            f"{rlmc_key('4217733', '042014506908', '052108899000'):02d}",
            True,
        ),
        None,
        0.0,
        21840,
        28040,
        date(2026, 5, 28),
        0.94,
        "Agence Exemple Recouvrement",
        drawer_name="M. PAUL ARGOAT",
        drawer_address="4 RUE DU MOULIN 35000 RENNES",
        place="Rennes",
        signed=True,
        problems=(ChequeProblem.AMOUNTS_DIFFER,),
    )
    mentions = Mentions(
        (
            mention(paper, MentionKind.REFERENCE, "MB-2025/0417", "MB20250417"),
            mention(paper, MentionKind.AMOUNT, "218,40", "21840"),
            mention(paper, MentionKind.REFERENCE, "F-20250917", "F20250917"),
        ),
        "Paul Argoat",
        "4 rue du Moulin, 35000 Rennes",
    )
    best = candidate(
        "MB-2025/0417",
        0.998,
        ("claim_reference", "MB-2025/0417", "MB-2025/0417", 1.0, 9.1),
        ("surname", "Argoat", "ARGOAT", 1.0, 3.4),
        ("balance", "218,40", "218,40 €", 1.0, 2.6),
        ("street", "4 rue du Moulin", "4 RUE DU MOULIN", 0.97, 2.2),
    )
    other = candidate(
        "MB-2024/1180",
        0.11,
        ("surname", "Argoat", "ARGOAT", 1.0, 3.4),
        ("street", "4 rue du Moulin", "4 RUE DU MOULIN", 0.97, 2.2),
        ("claim_reference", "MB-2025/0417", "MB-2024/1180", 0.58, -2.8),
    )
    parts = (Part(PartKind.LETTER, (1,)), Part(PartKind.CHEQUE, (1,)))
    facts = Facts(paid_amount=21840, paid_date=date(2026, 5, 28))
    cues = (Cue("cheque", "ci-joint mon chèque", 1.4), Cue("payment", "tout est réglé", 0.6))
    return Mail(
        "cheque",
        "20260603_091204_017.tif",
        Channel.SCAN,
        2.2,
        on_paper(paper, *parts, cheques=(cheque,)),
        understood(Subcategory.CHEQUE, 0.98, facts=facts, cues=cues),
        mentions,
        matched(best, other),
        (paper.jpeg(),),
    )


def distress_mail() -> Mail:
    paper = typed_letter(
        [
            "Mme Le Goff Soizic",
            "17 bis rue de Brest, Brest",
            "",
            "Réf EV 7731-K",
            "",
            "Je n'y arrive plus. Depuis que mon mari est parti",
            "je n'ai plus de quoi chauffer les enfants,",
            "et vos lettres toutes les semaines.",
            "Certains soirs je me dis qu'il vaudrait mieux",
            "que je ne sois plus là.",
            "",
            "S. Le Goff",
        ],
        doubtful=("chauffer", "7731-K"),
        hand=True,
    )
    best = candidate(
        "EV 7731-K",
        0.991,
        ("claim_reference", "EV 7731-K", "EV 7731-K", 1.0, 8.8),
        ("surname", "Le Goff", "LE GOFF", 1.0, 1.9),
        ("first_name", "Soizic", "Soizic", 1.0, 2.7),
        ("street", "17 bis rue de Brest", "17 BIS RUE DE BREST", 1.0, 2.3),
    )
    other = candidate(
        "EV 7713-K",
        0.06,
        ("surname", "Le Goff", "LE GOFF", 1.0, 1.9),
        ("first_name", "Soizic", "Yann", 0.1, -3.2),
        ("claim_reference", "EV 7731-K", "EV 7713-K", 0.78, -1.1),
    )
    cues = (Cue("distress", "que je ne sois plus là", 2.4), Cue("vulnerable", "je n'ai plus de quoi chauffer", 1.1))
    return Mail(
        "distress",
        "20260603_083011_004.tif",
        Channel.SCAN,
        3.5,
        on_paper(paper, hand=True),
        understood(Subcategory.SERVICE, 0.52, (Flag.DISTRESS, Flag.VULNERABLE), ("distress",), cues=cues),
        Mentions(
            (mention(paper, MentionKind.REFERENCE, "EV 7731-K", "EV7731K"),), "Soizic Le Goff", "17 bis rue de Brest"
        ),
        matched(best, other),
        (paper.jpeg(),),
    )


def email_mail(
    name: str, hours: float, sender: str, subject: str, new: str, quoted: str, said: Understanding, matches: Matches
) -> Mail:
    address = f"{sender.split()[-1].lower()}@courriel.example"
    headers = EmailHeaders(
        sender,
        address,
        ("contact@agence.example",),
        subject,
        NOW - timedelta(hours=hours),
        authentication="spf=pass dkim=pass",
    )
    text = f"{subject}\n{new}\n{quoted}"
    reading = ItemReading(
        text, new, quoted, (Page(1, new, engine="mail"),), (Part(PartKind.EMAIL, (1,)),), headers
    )  # fmt: skip
    mentions = Mentions((), sender, None)
    return Mail(name, f"{name}.eml", Channel.EMAIL, hours, reading, said, mentions, matches)


def letters() -> list[Mail]:
    """Everything else on the desk, and some that needed nobody."""
    plan = email_mail(
        "plan",
        26,
        "Awa Diarra",
        "Dossier ASV-40871 : demande d'échéancier",
        "Bonjour,\n\nJe reconnais devoir cette somme mais je ne peux pas payer 410 € d'un coup.\n"
        "Je vous propose 82 € par mois pendant cinq mois à partir du 10 juillet.\n\nBien cordialement,\nAwa Diarra",
        "Le 27 mai 2026 à 10:12, Agence Exemple a écrit :\n> Nous vous mettons en demeure de payer 410,00 €.",
        understood(
            Subcategory.PLAN_REQUEST,
            0.87,
            facts=Facts(promised_amount=8200, promised_date=date(2026, 7, 10), instalments=5),
            cues=(Cue("plan_request", "82 € par mois", 1.2),),
        ),
        matched(
            candidate(
                "ASV-40871",
                0.999,
                ("claim_reference", "ASV-40871", "ASV-40871", 1.0, 9.0),
                ("email", "diarra@courriel.example", "awa.diarra@courriel.example", 0.82, 1.6),
                ("balance", "410 €", "410,00 €", 1.0, 2.1),
            )
        ),
    )
    death = paper_mail(
        "death",
        "20260602_171500_031.pdf",
        17,
        ["Maître Hélène Corbin, notaire", "", "Succession de M. Robert KLEIN", "",
         "J'ai le regret de vous informer du décès de M. Klein,", "survenu à Strasbourg le 2 mai 2026.",
         "Je vous remercie de m'adresser le décompte de votre créance."],
        understood(Subcategory.DEATH, 0.96, (Flag.DECEASED, Flag.REPRESENTED), ("deceased",),
                   Facts(representative="Maître Hélène Corbin, notaire"), (Cue("deceased", "décès de M. Klein", 2.0),)),
        matched(candidate("ASV-40178", 0.83, ("surname", "KLEIN", "KLEIN", 1.0, 3.9),
                          ("first_name", "Robert", "Robert", 1.0, 1.8))),
    )  # fmt: skip
    dispute = paper_mail(
        "dispute",
        "20260602_102230_011.jpg",
        23,
        ["Yann Le Goff", "2 place du Port, Brest", "", "Je ne suis pas la personne que vous cherchez.",
         "Je n'ai jamais eu de contrat avec Énergie du Val.", "Merci de cesser vos courriers."],
        understood(Subcategory.NOT_MINE, 0.93, cues=(Cue("not_mine", "pas la personne que vous cherchez", 1.5),)),
        matched(candidate("EV 7713-K", 0.61, ("surname", "Le Goff", "LE GOFF", 1.0, 1.9),
                          ("first_name", "Yann", "Yann", 1.0, 2.2),
                          ("street", "2 place du Port", "2 PLACE DU PORT", 1.0, 2.4)),
                candidate("EV 7731-K", 0.34, ("surname", "Le Goff", "LE GOFF", 1.0, 1.9),
                          ("creditor", "Énergie du Val", "Énergie du Val", 1.0, 0.8)), proposed=False),
    )  # fmt: skip
    question = email_mail(
        "question", 5, "Bastien Morel", "votre courrier",
        "Bonjour, c'est quoi cette facture ? Envoyez-moi le contrat.\nB. Morel", "",
        understood(Subcategory.DOCUMENT_COPY, 0.71),
        matched(candidate("CR/119/24", 0.74, ("surname", "Morel", "MOREL", 1.0, 2.9),
                          ("first_name", "Bastien", "Bastien", 1.0, 2.1)), proposed=False),
    )  # fmt: skip
    hostile = email_mail(
        "hostile", 8, f"Mallory {HOSTILE}", f"Bonjour {HOSTILE}", f"Texte {HOSTILE} <img src=x onerror=alert(1)>", "",
        understood(Subcategory.PROCEDURE, 0.66, (Flag.COMPLAINT,), cues=(Cue("procedure", HOSTILE, 1.0),)), Matches(),
    )  # fmt: skip
    bankrupt = paper_mail(
        "insolvency",
        "20260601_154500_022.pdf",
        42,
        ["Étude Valade, mandataire judiciaire", "", "SARL MENUISERIE BARDOT : liquidation judiciaire",
         "Jugement du tribunal de commerce de Limoges du 19 mai 2026."],
        understood(Subcategory.INSOLVENCY, 0.97, (Flag.REPRESENTED,), ("insolvency",)),
        matched(candidate("CR/991/24", 0.97, ("company", "MENUISERIE BARDOT", "MENUISERIE BARDOT SARL", 0.96, 7.7))),
    )  # fmt: skip
    promise = email_mail(
        "promise", 30, "Awa Diarra", "ASV-40871", "Je paierai les 410 euros le 15 juin. Awa Diarra", "",
        understood(Subcategory.PROMISE, 0.98, facts=Facts(promised_amount=41000, promised_date=date(2026, 6, 15))),
        matched(candidate("ASV-40871", 0.999, ("claim_reference", "ASV-40871", "ASV-40871", 1.0, 9.0))),
    )  # fmt: skip
    return [plan, death, dispute, question, hostile, bankrupt, promise]


def paper_mail(
    name: str, file_name: str, hours: float, lines: list[str], said: Understanding, matches: Matches
) -> Mail:
    paper = typed_letter(lines)
    return Mail(
        name, file_name, Channel.SCAN, hours, on_paper(paper), said, Mentions((), lines[0]), matches, (paper.jpeg(),)
    )


def fill(desk: Desk) -> Desk:
    for mail in (*letters(), cheque_mail(), distress_mail()):
        add(desk, mail)
    add_refused(desk, "refused", f"scan {HOSTILE}.pdf", "encrypted")
    add_refused(desk, "refused-2", "20260602_161102_009.tif", "truncated")
    return desk


if __name__ == "__main__":
    from connectors.object_store import open_store

    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    fill(open_desk(target, open_store((target / "objects").resolve().as_uri())))
    print(f"{target}: camille, sacha, alix, audit / {PASSWORD}")
