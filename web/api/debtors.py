"""Debtors: two claims' debtors linked as one by a person, and unlinked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from models.debtor import DebtorLink
from pipelines.debtors import NotLinkable, link, unlink
from web.api.access import Reader, TheHouse, Writer
from web.api.problems import Problem

router = APIRouter(prefix="/debtors", tags=["debtors"])
Ref = Annotated[str, Field(min_length=1, max_length=200)]
AskedRef = Annotated[str, Query(min_length=1, max_length=200)]


class LinkBody(BaseModel):
    """`on_behalf_of`: the person who says so, where the caller is a system."""

    model_config = ConfigDict(extra="forbid")
    claim_ref: Ref
    other_ref: Ref
    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    on_behalf_of: Annotated[str, Field(max_length=200)] = ""


@router.post("/links", status_code=201)
def link_debtors(house: TheHouse, caller: Writer, body: LinkBody) -> dict[str, Any]:
    """From now on a hold on either debtor reaches the claims of both. Linking the same two again changes nothing."""
    try:
        with house.write() as books:
            made = link(books, body.claim_ref, body.other_ref, body.reason, house.now(), _who(caller.name, body))
    except NotLinkable as error:
        raise _problem(error) from error
    return _link_json(made)


@router.post("/links/end")
def unlink_debtors(house: TheHouse, caller: Writer, body: LinkBody) -> dict[str, Any]:
    """A hold stays on the debtor for whom it was placed."""
    try:
        with house.write() as books:
            unlink(books, body.claim_ref, body.other_ref, body.reason, house.now(), _who(caller.name, body))
    except NotLinkable as error:
        raise _problem(error) from error
    return {"claim_ref": body.claim_ref, "other_ref": body.other_ref, "linked": False}


@router.get("/links")
def links(house: TheHouse, caller: Reader, claim_ref: AskedRef) -> dict[str, Any]:
    """Links in force, and claims that look like the same debtor's."""
    with house.read() as books:
        claim = books.claims.get(claim_ref)
        if claim is None:
            raise Problem(404, "no such claim")
        return {
            "links": [_link_json(one) for one in books.debtors.links_of(claim_ref)],
            "suspects": books.debtors.suspects(claim),
        }


def _who(caller: str, body: LinkBody) -> str:
    return f"{caller} ({body.on_behalf_of})" if body.on_behalf_of else caller


def _problem(error: NotLinkable) -> Problem:
    status = {"unknown_claim": 404, "not_linked": 404, "same_debtor": 409}.get(error.code, 422)
    return Problem(status, str(error))


def _link_json(link: DebtorLink) -> dict[str, Any]:
    values = asdict(link)
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
