"""What is wrong with a cheque as read: the rules a clerk applies before booking one (domain dossier 1.5)."""

from __future__ import annotations

from datetime import date, timedelta

from models.cheque import ChequeProblem, ChequeReading

LIKELY = 0.5  # an amount less probable than this is only suggested
PRESENTATION = timedelta(days=8)  # art. L131-32 CMF


def stale_after(written: date) -> date:
    """Last day a cheque may still be presented: one year after the eight days of presentation (art. L131-59)."""
    end = written + PRESENTATION
    try:
        return end.replace(year=end.year + 1)
    except ValueError:  # 29 February
        return end.replace(year=end.year + 1, day=28)


def date_problems(written: date | None, seen_empty: bool, received_on: date) -> list[ChequeProblem]:
    """`seen_empty`: the date line carries no ink. A date that merely could not be read is no defect."""
    if written is None:
        return [ChequeProblem.UNDATED] if seen_empty else []
    if written > received_on:
        return [ChequeProblem.POST_DATED]
    return [ChequeProblem.STALE] if received_on > stale_after(written) else []


def line_problems(reading: ChequeReading) -> list[ChequeProblem]:
    """About the CMC-7 line alone."""
    line = reading.line
    if line is None:
        return [ChequeProblem.UNREADABLE_LINE]
    if line.zones is None:
        foreign = "?" not in line.text
        return [ChequeProblem.FOREIGN_LINE if foreign else ChequeProblem.UNREADABLE_LINE]
    problems = [ChequeProblem.KEY_MISMATCH] if line.rlmc_ok is False else []
    if not line.vouched:
        problems.append(ChequeProblem.UNREADABLE_LINE)
    return problems


def amount_problems(reading: ChequeReading, differ: bool) -> list[ChequeProblem]:
    """`differ`: words and figures were each read clearly and name different sums. A sum may be unreadable and yet be
    suggested."""
    if differ:
        return [ChequeProblem.AMOUNTS_DIFFER]
    likely = reading.amount is not None and reading.amount_confidence >= LIKELY
    return [] if likely else [ChequeProblem.UNREADABLE_AMOUNT]
