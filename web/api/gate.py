"""May I remind? Answered from everything in the building, one by one or a whole night's list."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from models.gate import Answer, Purpose, Question
from models.hold import Channel
from pipelines.gate import answers_from, may_remind
from pipelines.services import Services
from web.api.access import Bearer, Reader, TheHouse, caller_in
from web.api.bodies import Moment, QuestionBody, question_of
from web.api.problems import Problem
from web.wording import words_for

router = APIRouter(tags=["may I remind?"])
MOST_QUESTIONS = 200_000
ANSWER = {
    "claim_ref": "C-1",
    "allowed": False,
    "reasons": ["dispute"],
    "until": None,
    "recipient": "Anne Martin",
    "valid_until": "2026-06-01T20:45:00+00:00",
    "asked_at": "2026-06-01T20:30:00+00:00",
}
_LIST: TypeAdapter[list[QuestionBody]] = TypeAdapter(list[QuestionBody])
_SHAPE = TypeAdapter(QuestionBody).json_schema(ref_template="#/components/schemas/{model}")
_SHAPE.pop("$defs", None)  # the single question brings the same choices into the description
# Said by hand, since the list is read from its bytes: reading it twice would cost more than answering it.
_LIST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "array",
                    "items": _SHAPE,
                    "maxItems": MOST_QUESTIONS,
                },
                "example": [{"claim_ref": "C-1", "channel": "letter", "leaves_at": "2026-06-02T06:00:00+02:00"}],
            }
        },
    }
}


def answers_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """A night's list shares its times: each is written once."""
    iso = lru_cache(maxsize=256)(lambda moment: moment.isoformat() if moment else None)
    return [
        {
            "claim_ref": answer.claim_ref,
            "allowed": answer.allowed,
            "reasons": answer.reasons,
            "until": iso(answer.until),
            "recipient": answer.recipient,
            "valid_until": iso(answer.valid_until),
            "asked_at": iso(answer.asked_at),
        }
        for answer in answers
    ]


@router.get("/may-remind", responses={200: {"content": {"application/json": {"example": ANSWER}}}})
def ask_one(
    house: TheHouse,
    token: Bearer,
    claim_ref: Annotated[str, Query(min_length=1, max_length=200)],
    channel: Channel,
    purpose: Purpose = Purpose.REMINDER,
    recipient: Annotated[str | None, Query(max_length=500)] = None,
    address: Annotated[str | None, Query(max_length=500)] = None,
    leaves_at: Moment | None = None,
) -> Response:
    """No to an unknown claim, to a claim held, and while mail that came is not read. The answer is kept."""
    question = Question(claim_ref, channel, purpose, recipient or None, address or None, leaves_at)
    now = house.now()
    with house.read() as books:  # who asks and what is so, in one thread and at one moment: it is asked all day long
        caller_in(books, token)
        (answer,) = answers_from(books, [question], now)
    house.single_answers.keep([(question, answer)])
    words = words_for(house.options.language)
    said = {**answers_json([answer])[0], "in_words": [words.stored(reason) for reason in answer.reasons]}
    return Response(to_json(said), media_type="application/json")


@router.post(
    "/may-remind",
    openapi_extra=_LIST_BODY,
    responses={200: {"content": {"application/json": {"example": [ANSWER]}}}},
)
async def ask_many(house: TheHouse, caller: Reader, request: Request) -> Response:
    """The whole list in one call, answered in the same order and kept as one record."""
    body = await request.body()
    return Response(await run_in_threadpool(_answers_to, house.services, body), media_type="application/json")


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """A million small objects without a cycle among them: looking for cycles meanwhile would cost a third more."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_nothing_collected()
def _answers_to(services: Services, body: bytes) -> bytes:
    try:
        questions = _LIST.validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise Problem(422, f"between 1 and {MOST_QUESTIONS} questions in one call")
    answers = may_remind(services, [question_of(question) for question in questions])
    return to_json(answers_json(answers))
