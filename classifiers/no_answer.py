"""Whether a writer says that no answer is wanted: who asks for something does not say so."""

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
