"""What does the sender want: the trained models, their calibration, and the rules that watch over them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.domain import Domain, domain_of
from classifiers.encoder import Encoder
from classifiers.linear import LinearModel, Weighed
from classifiers.passages import passage_reader
from classifiers.protective import FLAG_OF_SIGNAL, PROTECTING, protecting_labels, protective_signals
from classifiers.reasons import reasons_of
from classifiers.ruled_out import cheque_was_cashed, wants_no_answer
from classifiers.second_opinion import second_opinion
from classifiers.telling import telling
from classifiers.wording import Marker, Wording, wording_of
from models.labels import (
    CATEGORY_OF,
    PROTECTIONS,
    PROTECTIVE_FLAGS,
    SUBCATEGORIES,
    Category,
    Flag,
    Subcategory,
)
from models.reading import ItemReading
from models.understanding import Cue, Understanding

WEIGHTS = Path(__file__).parent / "weights"
Floats = NDArray[np.float64]
CATEGORIES = tuple(Category)
LEAST_CHANCE = 0.005  # smaller ones are not kept with the item


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted on writers no model had seen. Temperatures divide logits; `flag_scale` and `flag_shift` are Platt's."""

    encoder_share: float = 0.0
    temperature: float = 1.0  # of the category
    sub_temperature: float = 1.0  # of the subcategory inside its category
    flag_encoder_share: float = 0.0
    sure: float = 1.01  # the encoder is not asked where the linear model gives a category this much, untempered
    flag_scale: Mapping[str, float] = field(default_factory=dict)
    flag_shift: Mapping[str, float] = field(default_factory=dict)
    flag_threshold: Mapping[str, float] = field(default_factory=dict)
    name: str = "untrained"

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        return cls(**json.loads((folder / "calibration.json").read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Opinion:
    """Probabilities of one item before rules: by subcategory and by flag."""

    categories: Mapping[Category, float]
    subcategories: Mapping[Subcategory, float]
    flags: Mapping[Flag, float]


class Classifier:
    """Two models averaged, calibrated, watched by the protective rules. Safe to share between threads."""

    def __init__(self, linear: LinearModel, encoder: Encoder | None, calibration: Calibration) -> None:
        self.linear = linear
        self.encoder = encoder
        self.calibration = calibration
        self.labels = tuple(Subcategory(label) for label in linear.labels)
        self.flags = tuple(Flag(flag) for flag in linear.flags)

    def understand(self, reading: ItemReading) -> Understanding:
        """Category, subcategory, flags with calibrated probabilities, protective signals and reasons; facts left empty.

        Abstains on what is not French writing; then the label is the best guess with confidence 0 and nothing may be
        applied from it. Never raises on text.
        """
        wording, cues = read_words(reading)
        weighed = self.linear.weigh(wording)
        opinion = supported(ruled(self.opinion(weighed), wording), wording, cues)
        category = max(opinion.categories, key=lambda c: opinion.categories[c])
        subcategory = max(SUBCATEGORIES[category], key=lambda s: opinion.subcategories[s])
        abstained = not readable(wording)
        flags, chances = self._flags(opinion, cues, subcategory)
        return Understanding(
            category=category,
            subcategory=subcategory,
            confidence=0.0 if abstained else opinion.categories[category],
            flags=flags,
            flag_confidence={flag.value: round(chance, 4) for flag, chance in chances.items()},
            subcategory_confidence=0.0 if abstained else opinion.subcategories[subcategory],
            protective=protecting_labels(cues),
            suspected=tuple(label for label in protecting_labels(cues) if label not in wording.signals),
            abstained=abstained,
            cues=(*cues, *reasons_of(self.linear, weighed, subcategory.value)),
            model=self.calibration.name,
            chances={label.value: round(p, 4) for label, p in opinion.subcategories.items() if p >= LEAST_CHANCE},
        )

    def chance_of(self, reading: ItemReading, category: Category) -> float:
        """The calibrated probability of a category, also where the classifier would abstain."""
        wording, cues = read_words(reading)
        return supported(ruled(self.opinion(self.linear.weigh(wording)), wording), wording, cues).categories[category]

    def opinion(self, item: Weighed) -> Opinion:
        """The calibrated average of the models, without rules."""
        scores, flag_scores = self.linear.logits(item)
        log_chances = _log_softmax(scores.astype(np.float64))
        flag_logits = flag_scores.astype(np.float64)
        if self.encoder is not None and not self._sure(log_chances):
            share, flag_share = self.calibration.encoder_share, self.calibration.flag_encoder_share
            deep, deep_flags = self.encoder.logits(telling(item.wording, self.linear, self.encoder.tokenize))
            log_chances = (1 - share) * log_chances + share * _log_softmax(deep)
            flag_logits = (1 - flag_share) * flag_logits + flag_share * deep_flags
        return calibrated(log_chances, flag_logits, self.labels, self.flags, self.calibration)

    def _sure(self, log_chances: Floats) -> bool:
        """Whether the words leave no doubt: half of the mail is spared the cost of the encoder."""
        categories = [CATEGORY_OF[label] for label in self.labels]
        sums = [sum(np.exp(log_chances[[c is own for own in categories]])) for c in CATEGORIES]
        return bool(max(sums) >= self.calibration.sure)

    def _flags(
        self, opinion: Opinion, cues: tuple[Cue, ...], subcategory: Subcategory
    ) -> tuple[tuple[Flag, ...], dict[Flag, float]]:
        """Flags over their threshold, implied by the subject, or likely and seen by the rules; their probabilities."""
        seen = {FLAG_OF_SIGNAL[cue.label] for cue in cues if cue.weight >= PROTECTING and cue.label in FLAG_OF_SIGNAL}
        thresholds = self.calibration.flag_threshold
        chosen = tuple(
            flag
            for flag in Flag
            if IMPLIED.get(subcategory) is flag
            or opinion.flags.get(flag, 0.0) >= thresholds.get(flag.value, 0.5)
            or (flag in seen and opinion.flags.get(flag, 0.0) >= thresholds.get(flag.value, 0.5) / 2)
        )
        chances = {flag: chance for flag, chance in opinion.flags.items() if chance >= 0.05 or flag in chosen}
        return chosen, chances


def read_words(reading: ItemReading) -> tuple[Wording, tuple[Cue, ...]]:
    """What the models read, with the protective cues the rules saw in it, as the second opinion judges them."""
    wording, opinion = wording_of(reading), second_opinion()
    seen = protective_signals(wording.words)
    cues = opinion.judged(wording.words, seen, passage_reader())
    told = protecting_labels(seen) if protecting_labels(cues) else ()  # the models learnt beside the rules alone
    return replace(wording, signals=frozenset(told)), cues


def calibrated(
    log_chances: Floats,
    flag_logits: Floats,
    labels: tuple[Subcategory, ...],
    flags: tuple[Flag, ...],
    calibration: Calibration,
) -> Opinion:
    """Temperatures applied: first the categories (sums of their subcategories), then the shares inside each."""
    chances = np.exp(_log_softmax(log_chances))
    members = {c: [i for i, label in enumerate(labels) if CATEGORY_OF[label] is c] for c in CATEGORIES}
    sums = np.array([chances[members[c]].sum() for c in CATEGORIES])
    weights = np.exp(_log_softmax(np.log(sums + 1e-12) / calibration.temperature))
    inside: dict[Subcategory, float] = {}
    for weight, category in zip(weights, CATEGORIES, strict=True):
        own = members[category]
        shares = np.exp(_log_softmax(log_chances[own] / calibration.sub_temperature))
        inside.update({labels[i]: float(weight * share) for i, share in zip(own, shares, strict=True)})
    flag_chances = {
        flag: _sigmoid(
            calibration.flag_scale.get(flag.value, 1.0) * float(logit) + calibration.flag_shift.get(flag.value, 0.0)
        )
        for flag, logit in zip(flags, flag_logits, strict=True)
    }
    by_category = {c: float(w) for c, w in zip(CATEGORIES, weights, strict=True)}
    return Opinion(by_category, inside, flag_chances)


# What the labels say by themselves: a mail whose subject is a death carries the flag.
IMPLIED = {
    Subcategory.DEATH: Flag.DECEASED,
    Subcategory.OVER_INDEBTEDNESS: Flag.OVER_INDEBTEDNESS,
    Subcategory.GUARDIANSHIP: Flag.REPRESENTED,
    Subcategory.LEGAL_COUNSEL: Flag.REPRESENTED,
    Subcategory.GDPR: Flag.GDPR,
    Subcategory.ADDRESS_CHANGE: Flag.ADDRESS_CHANGE,
}
UNASKED = 0.1  # what is left of a request for information where no answer is wanted
UNSUPPORTED = 0.1  # what is left of a protection that only the model of whole mail sees
ASKED = 0.3  # chance of one from which the readers of passages are asked
RULED = 0.98  # what the postal sticker or an automatic reply leaves to the words


def ruled(opinion: Opinion, wording: Wording) -> Opinion:
    """What the envelope itself proves: our own letter came back, or a machine answered."""
    if Marker.RETURNED in wording.markers and Marker.CHEQUE not in wording.markers:
        return _leaning(opinion, Subcategory.RETURNED_MAIL, RULED)
    if Marker.AUTOMATIC in wording.markers:
        return _leaning(opinion, Subcategory.UNRELATED, RULED)
    words = domain_of(wording.words).words
    if Marker.CHEQUE in wording.markers and words < 8:
        return _leaning(opinion, Subcategory.CHEQUE, RULED)
    if Marker.CHEQUE not in wording.markers and cheque_was_cashed(wording.words):
        opinion = _paid_before(opinion)
    return _asking_nothing(opinion) if wants_no_answer(wording.words) else opinion


def _leaning(opinion: Opinion, sure: Subcategory, share: float) -> Opinion:
    subs = {s: (1 - share) * p + (share if s is sure else 0.0) for s, p in opinion.subcategories.items()}
    categories = {c: sum(subs[s] for s in SUBCATEGORIES[c]) for c in CATEGORIES}
    return Opinion(categories, subs, opinion.flags)


def _paid_before(opinion: Opinion) -> Opinion:
    """What spoke for a cheque in the envelope speaks for one that has been paid."""
    subs = dict(opinion.subcategories)
    subs[Subcategory.ALREADY_PAID] += subs[Subcategory.CHEQUE]
    subs[Subcategory.CHEQUE] = 0.0
    return replace(opinion, subcategories=subs)


def _asking_nothing(opinion: Opinion) -> Opinion:
    """Who wants no answer asks for no information: of 15 such corpus items, none did."""
    asking = CATEGORY_OF[Subcategory.DOCUMENT_COPY]
    left = 1 - (1 - UNASKED) * opinion.categories[asking]
    shares = {c: (UNASKED if c is asking else 1.0) / left for c in CATEGORIES}
    subs = {s: p * shares[CATEGORY_OF[s]] for s, p in opinion.subcategories.items()}
    return Opinion({c: p * shares[c] for c, p in opinion.categories.items()}, subs, opinion.flags)


def supported(opinion: Opinion, wording: Wording, cues: tuple[Cue, ...]) -> Opinion:
    """Protections that no rule sees and the readers of passages plainly deny are hardly left a chance."""
    flags = {flag: opinion.flags.get(flag, 0.0) for flag in PROTECTIVE_FLAGS}
    subjects = {subject: opinion.subcategories[subject] for subject in PROTECTIONS}
    suspects = max(*flags.values(), *subjects.values()) >= ASKED
    if not suspects or protecting_labels(cues) or wording.markers & {Marker.RETURNED, Marker.AUTOMATIC}:
        return opinion
    if not second_opinion().denies(wording.words, passage_reader()):
        return opinion
    left = {s: p * (UNSUPPORTED if s in subjects else 1.0) for s, p in opinion.subcategories.items()}
    total = sum(left.values())
    subs = {s: p / total for s, p in left.items()}
    categories = {c: sum(subs[s] for s in SUBCATEGORIES[c]) for c in CATEGORIES}
    return Opinion(categories, subs, {**opinion.flags, **{flag: p * UNSUPPORTED for flag, p in flags.items()}})


def readable(wording: Wording) -> bool:
    """Whether the words, or what lies in the envelope, let the models speak at all."""
    if wording.markers & {Marker.RETURNED, Marker.AUTOMATIC}:
        return True
    domain = domain_of(wording.words)
    return domain.readable or (Marker.CHEQUE in wording.markers and _short_note(domain))


def _short_note(domain: Domain) -> bool:
    """A few words beside a cheque, mostly names and numbers: nothing foreign is said in them."""
    return domain.words < 8 or (domain.words < 60 and domain.foreign <= domain.french)


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float64)


def _sigmoid(logit: float) -> float:
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def load_classifier(folder: Path | None = None) -> Classifier:
    """The classifier shipped beside this file, or one of another folder with the same labels.

    A folder may be one that `mailroom train` wrote, or any Hugging Face sequence-classification folder whose labels are
    the subcategories (and flags): it then speaks in place of the shipped encoder. Raises FileNotFoundError without one.
    """
    own = folder if folder is not None and (folder / "linear.npz").exists() else WEIGHTS
    linear = LinearModel.load(own)
    calibration = Calibration.load(own)
    place = folder if folder is not None else own
    if not place.is_dir():
        raise FileNotFoundError(f"no classifier in {place}")
    return Classifier(linear, Encoder.find(place, linear.labels, linear.flags), calibration)
