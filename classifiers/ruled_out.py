"""What a writer's own words rule out, whatever the models make of them.

Who says that no answer is wanted asks for nothing. Who speaks of a cheque that was cashed encloses none: of 52 such
texts by our writers 29 say that they have paid and not one brought a cheque.
"""

from __future__ import annotations

import re

from classifiers.protective import folded

_NO_ANSWER = re.compile(
    r"\b(?:pas besoin|inutile|pas (?:vous donner )?la peine|aucun besoin|pas necessaire)"
    r"(?: de| d')?(?: me| nous| m'y| y)? ?(?:repondre|reponse)"
    r"|\bn'(?:attends?|attendons|attend|appelle) (?:pas|aucune|plus)(?: de)? reponse"
    r"|\baucune reponse (?:n'est )?(?:attendue|necessaire|demandee)"
    r"|\bne (?:prenez|vous donnez) pas la peine de (?:me |nous )?repondre"
    r"|\bne (?:me |nous )repondez pas\b"
)


def wants_no_answer(text: str) -> bool:
    return _NO_ANSWER.search(folded(text)) is not None


_CASHED = re.compile(
    r"\b(?:cheques?|chq)\b[^.;!?]{0,90}?\b(?:debite|encaisse|credite)e?s?\b"
    r"|\b(?:debite|encaisse|credite)e?s?\b[^.;!?]{0,60}?\b(?:cheques?|chq)\b"
)


def cheque_was_cashed(text: str) -> bool:
    return _CASHED.search(folded(text)) is not None
