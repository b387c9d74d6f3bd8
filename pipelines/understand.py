"""Understand: what the sender wants, what the text mentions, and the facts that matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from classifiers.facts import find_facts
from classifiers.mentions import find_mentions
from models.reading import ItemReading
from models.understanding import Mentions, Understanding
from pipelines.services import Services


def understand(services: Services, reading: ItemReading, received_on: date) -> tuple[Understanding, Mentions]:
    """Same reading, same answer: no clock, no state."""
    mentions = find_mentions(reading, services.agency, received_on)
    said = services.classifier.understand(reading)
    facts = find_facts(reading, mentions, said.category, said.subcategory, received_on)
    return replace(said, facts=facts), mentions
