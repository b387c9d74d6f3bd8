"""Statuses on which the collection system and we disagree: those that wait, and a person's word on one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from pipelines.disagreements import advice, decide_status
from web.api.access import Reader, TheHouse, Writer
from web.api.bodies import ConflictBody
from web.api.problems import Problem, problem_of_codes
from web.wording import words_for

router = APIRouter(prefix="/claims/conflicts", tags=["claims"])
MOST = 1_000


@router.get("")
def waiting(
    house: TheHouse, caller: Reader, limit: Annotated[int, Query(ge=1, le=MOST)] = MOST
) -> list[dict[str, Any]]:
    """Oldest first: what each side says, since when, and what to look at before deciding."""
    words = words_for(house.options.language)
    with house.read() as books:
        found = books.conflicts.waiting(limit)
    return [
        {
            "claim_ref": one.claim_ref,
            "ours": one.ours,
            "theirs": one.theirs,
            "since": one.since,
            "advice": words(f"advice_{advice(one)}"),
        }
        for one in found
    ]


@router.post("/decide")
def decide(house: TheHouse, caller: Writer, body: ConflictBody) -> dict[str, Any]:
    """`theirs` is accepted or `ours` is kept and told again. Holds stay as they are. 409 where no conflict waits on
    this claim, or their status is no longer the one named."""
    with house.write() as books:
        if books.claims.get(body.claim_ref) is None:
            raise Problem(404, "no such claim")
        named = body.theirs.value if body.theirs else None
        wrong = decide_status(books, body.claim_ref, body.keep, house.now(), caller.name, body.reason, named)
        if wrong:
            raise problem_of_codes(409 if "conflict_gone" in wrong else 422, wrong)
        claim = books.claims.get(body.claim_ref)
    return {"claim_ref": body.claim_ref, "kept": body.keep, "status": claim.status if claim else None}
