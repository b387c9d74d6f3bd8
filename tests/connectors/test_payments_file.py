"""Payments as the bank tells them: CSV and camt.053, the same payment told twice counted once."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from connectors.claims_file import read_claims
from connectors.payments_file import BankLine, fingerprint, read_payments
from connectors.reminders_file import read_reminders
from models.errors import ConfigurationError

IBAN = "FR76 3000 6000 0112 3456 7890 189"


def csv_file(folder: Path, *lines: str, header: str = "key,amount,paid_on,means,claim_ref,text,payer_iban") -> Path:
    path = folder / "payments.csv"
    path.write_text("\n".join([header, *lines, ""]), "utf-8")
    return path


def test_a_csv_line_is_a_payment(tmp_path: Path) -> None:
    found = read_payments(csv_file(tmp_path, f"T1,12.5,2026-06-01,Card,C-1,dossier 12,{IBAN}"))
    assert found.lines == [
        BankLine("T1", 1_250, date(2026, 6, 1), "card", "received", "C-1", "dossier 12", "", fingerprint(IBAN))
    ]
    assert "3000" not in repr(found)  # no account number is kept


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",1.00,2026-06-01,,,,", "key"),
        ("T1,,2026-06-01,,,,", "amount"),
        ("T1,-5.00,2026-06-01,,,,", "somme reçue"),
        ("T1,0.00,2026-06-01,,,,", "somme reçue"),
        ("T1,1,2026-13-01,,,,", "date"),
        ("T1,1.00,2026-06-01,bitcoin,,,", "bitcoin"),
        ("T1,douze,2026-06-01,,,,", "montant"),
    ],
)
def test_a_bad_csv_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    found = read_payments(csv_file(tmp_path, "A,1.00,2026-06-01,,,,", line))
    assert [payment.key for payment in found.lines] == ["A"]
    (bad,) = found.bad
    assert (bad.line, told in bad.reason) == (3, True)


def test_a_key_that_comes_twice_is_one_payment_and_its_return_another_fact(tmp_path: Path) -> None:
    header = "key;amount;paid_on;state"
    path = csv_file(tmp_path, *["T1;5.00;2026-06-01;"] * 2, "T1;5.00;2026-06-09;bounced", header=header)
    assert [(line.key, line.state) for line in read_payments(path).lines] == [("T1", "received"), ("T1", "bounced")]


def entry(details: str = "", indicator: str = "CRDT", extra: str = "", amount: str = "100.00") -> str:
    return (
        f"<Ntry><Amt Ccy='EUR'>{amount}</Amt><CdtDbtInd>{indicator}</CdtDbtInd>{extra}"
        f"<BookgDt><Dt>2026-06-02</Dt></BookgDt>{details}</Ntry>"
    )


def details(reference: str, amount: str = "", text: str = "", more: str = "") -> str:
    money = f"<Amt Ccy='EUR'>{amount}</Amt>" if amount else ""
    return (
        f"<TxDtls><Refs><AcctSvcrRef>{reference}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>{money}"
        f"<RltdPties><Dbtr><Nm>MME ANA LU</Nm></Dbtr><DbtrAcct><Id><IBAN>{IBAN}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>{more}</TxDtls>"
    )


def statement(folder: Path, *entries: str, version: str = "08") -> Path:
    path = folder / "statement.xml"
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}">'
        f"<BkToCstmrStmt><Stmt><Id>S1</Id>{''.join(entries)}</Stmt></BkToCstmrStmt></Document>",
        "utf-8",
    )
    return path


@pytest.mark.parametrize("version", ["02", "08", "13"])
def test_a_transfer_in_a_statement_of_any_version(tmp_path: Path, version: str) -> None:
    path = statement(
        tmp_path, entry(f"<NtryDtls>{details('B1', text='dossier C-1  merci')}</NtryDtls>"), version=version
    )
    (line,) = read_payments(path).lines
    assert line == BankLine(
        "B1",
        10_000,
        date(2026, 6, 2),
        "transfer",
        text="dossier C-1 merci",
        payer_name="MME ANA LU",
        payer=fingerprint(IBAN),
    )


def test_a_collective_booking_is_its_single_payments(tmp_path: Path) -> None:
    both = f"<NtryDtls>{details('B1', '60.00')}{details('B2', '40.00000')}</NtryDtls>"
    assert [(line.key, line.amount) for line in read_payments(statement(tmp_path, entry(both))).lines] == [
        ("B1", 6_000),
        ("B2", 4_000),
    ]


def test_a_collective_booking_that_hides_its_amounts_is_named(tmp_path: Path) -> None:
    found = read_payments(statement(tmp_path, entry(f"<NtryDtls>{details('B1')}{details('B2', '40.00')}</NtryDtls>")))
    assert found.lines == []
    assert [(bad.line, "2 opérations" in bad.reason) for bad in found.bad] == [(1, True)]


def test_what_the_bank_takes_back_is_bounced_and_what_we_pay_is_passed_over(tmp_path: Path) -> None:
    returned = details("B1", more="<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>")
    found = read_payments(
        statement(
            tmp_path,
            entry(f"<NtryDtls>{returned}</NtryDtls>", "DBIT"),
            entry(f"<NtryDtls>{details('B2')}</NtryDtls>", "DBIT"),
            entry(f"<NtryDtls>{details('B3')}</NtryDtls>", extra="<Sts><Cd>PDNG</Cd></Sts>"),
            entry(f"<NtryDtls>{details('B4')}</NtryDtls>", "DBIT", "<RvslInd>true</RvslInd>"),
        )
    )
    assert [(line.key, line.state) for line in found.lines] == [("B1", "bounced"), ("B4", "bounced")]
    assert found.passed_over == 2


def test_cards_debits_and_cheques_are_told_apart(tmp_path: Path) -> None:
    def family(code: str) -> str:
        return f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{code}</Cd></Fmly></Domn></BkTxCd>"

    entries = [entry(f"<NtryDtls>{details(code)}</NtryDtls>", extra=family(code)) for code in ("CCRD", "IDDT", "RCHQ")]
    assert [line.means for line in read_payments(statement(tmp_path, *entries)).lines] == ["card", "debit", "cheque"]


def test_an_entry_without_any_number_keeps_its_key_over_overlapping_statements(tmp_path: Path) -> None:
    bare, other = entry(), entry(amount="100.01")
    one = read_payments(statement(tmp_path, bare)).lines
    both = read_payments(statement(tmp_path, other, bare)).lines
    assert one[0].key == both[1].key != both[0].key


def test_two_equal_entries_without_a_number_are_two_payments(tmp_path: Path) -> None:
    first, second = read_payments(statement(tmp_path, entry(), entry())).lines
    assert first.key != second.key
    assert [line.key for line in read_payments(statement(tmp_path, entry(), entry())).lines] == [first.key, second.key]


def test_another_currency_is_named(tmp_path: Path) -> None:
    found = read_payments(statement(tmp_path, entry().replace("EUR", "CHF"), entry()))
    assert len(found.lines) == 1
    assert "CHF" in found.bad[0].reason


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"amount,date\n1,2\n",
        b"<Document><CstmrCdtTrfInitn/></Document>",
        b"<Document><Stmt><Ntry>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><Document><Stmt>&b;</Stmt></Document>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Document><Stmt/></Document>',
    ],
)
def test_what_is_no_payments_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "payments"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError):
        read_payments(path)


@pytest.mark.parametrize(
    ("content", "french", "english"),
    [
        (b"amount,paid_on\n1.00,2026-06-01\n", "n'a pas de colonne key — la première ligne", "has no column key — the"),
        (b"\xff\xfe\x00", "n'est pas un fichier CSV en UTF-8", "is not a UTF-8 CSV file"),
        (b"<Document/>", "n'est pas un relevé camt.053", "is no camt.053 statement"),
        (b"<Document><Stmt>", "n'est pas un fichier XML sain", "is not a sound XML file"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_the_language_of_the_house(
    tmp_path: Path, content: bytes, french: str, english: str
) -> None:
    path = tmp_path / "banque.csv"
    path.write_bytes(content)
    for language, told in (("fr", french), ("en", english)):
        with pytest.raises(ConfigurationError, match=re.escape(f"banque.csv {told}")):
            read_payments(path, language)


@pytest.mark.parametrize(("language", "told"), [("fr", "n'a pas de colonne"), ("en", "has no column")])
def test_claims_and_reminders_without_a_column_are_told_alike(tmp_path: Path, language: str, told: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text("other\n1\n", "utf-8")
    with pytest.raises(ConfigurationError, match=f"{told} claim_ref"):
        read_claims(path, language)
    with pytest.raises(ConfigurationError, match=f"{told} reminder_id"):
        read_reminders(path, datetime(2026, 6, 1, tzinfo=UTC), language)
    with pytest.raises(ConfigurationError, match="absent"):
        read_reminders(tmp_path / "absent.csv", datetime(2026, 6, 1, tzinfo=UTC), language)


@pytest.mark.parametrize("version", ["02", "04", "06", "08", "13"])
def test_every_kind_of_remittance_is_text_to_search(tmp_path: Path, version: str) -> None:
    formal = (
        "<RmtInf><Ustrd>merci</Ustrd><Ustrd>encore</Ustrd><Strd><RfrdDocInf><Nb>F-2026/17</Nb></RfrdDocInf>"
        "<CdtrRefInf><Ref>RF18C1</Ref></CdtrRefInf><AddtlRmtInf>dossier C-1</AddtlRmtInf></Strd></RmtInf>"
    )
    one = "<TxDtls><Refs><AcctSvcrRef>B1</AcctSvcrRef><EndToEndId>E2E-7</EndToEndId></Refs>" + formal + "</TxDtls>"
    (line,) = read_payments(statement(tmp_path, entry(f"<NtryDtls>{one}</NtryDtls>"), version=version)).lines
    assert line.text == "merci encore RF18C1 F-2026/17 dossier C-1 E2E-7"
    assert line.originals == ()


def test_a_reversal_names_the_numbers_of_what_it_takes_back(tmp_path: Path) -> None:
    one = "<TxDtls><Refs><AcctSvcrRef>NEW</AcctSvcrRef><EndToEndId>E2E-7</EndToEndId><TxId>TX-1</TxId></Refs></TxDtls>"
    reversal = entry(f"<NtryDtls>{one}</NtryDtls>", "DBIT", "<RvslInd>true</RvslInd>")
    (line,) = read_payments(statement(tmp_path, reversal)).lines
    assert (line.key, line.state) == ("NEW", "bounced")
    assert set(line.originals) == {"E2E-7", "TX-1"}
