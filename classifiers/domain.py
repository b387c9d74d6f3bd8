"""Is this French that a person wrote? Where it is not, the models abstain instead of guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from classifiers.linear import words_of

FEWEST_WORDS = 3
_FRENCH_WORDS = """
a ai as au aux avec avez bonjour
bonsoir c ca car ce ces cet cette chez ci comme d dans de des deux donc du elle en est et
etait ete etes faire fait ici il ils j je jour joint l la le les leur lui ma madame mais me meme merci mes moi mon
monsieur n ne ni nos notre nous on ont ou par pas payer plus pour qu quand que qui reste s sa sans se ses si sont suis
sur svp tout toute tres un une va vais veuillez vos votre vous y euro euros facture dossier cheque compte
recu paye objet
"""
# English, German, Spanish, Portuguese, Italian, Dutch, Polish; words that are French too are left out.
_FOREIGN_WORDS = """
the and of is you your my for this that with have we are not it be please dear will from at i
der die das und ist ich nicht sie mit den dem ein eine wir auf zu von haben
el los las por para con usted una lo del como pero muy gracias
uma nao seu minha obrigado em dos das voce
che non sono questo della grazie gli
het een van ik niet dat voor met zijn op aan wij
nie jest sie na prosze dziekuje bardzo
"""
FRENCH = frozenset(_FRENCH_WORDS.split())
FOREIGN = frozenset(_FOREIGN_WORDS.split()) - FRENCH
ENOUGH_FRENCH = 0.16  # share of very common French words; running French has 0.35-0.55, notes 0.2
ENOUGH_LETTERS = 0.45  # Latin letters among all characters that are not space


@dataclass(frozen=True, slots=True)
class Domain:
    french: float
    foreign: float
    words: int
    letters: float

    @property
    def readable(self) -> bool:
        """Whether a model of French letters may speak about it."""
        if self.words < FEWEST_WORDS or self.letters < ENOUGH_LETTERS:
            return False
        if self.words >= 12 and self.french < ENOUGH_FRENCH:
            return False
        return not (self.words >= 6 and self.foreign > self.french)


_LATIN = re.compile(r"[A-Za-zªµºÀ-ÖØ-öø-ɏ]")
_FIGURE = re.compile(r"\d")


@lru_cache(maxsize=4)  # one item is asked about twice
def domain_of(text: str) -> Domain:
    """Shares of French and foreign common words, and of Latin letters."""
    words = [word for word in words_of(text) if word.isalpha()]
    spelt = "".join(text.split())
    latin = len(_LATIN.findall(spelt)) + 0.5 * len(_FIGURE.findall(spelt))
    count = max(len(words), 1)
    return Domain(
        french=sum(w in FRENCH for w in words) / count,
        foreign=sum(w in FOREIGN for w in words) / count,
        words=len(words),
        letters=latin / max(len(spelt), 1),
    )
