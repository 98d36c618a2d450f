"""The words of one language, read from a data file: what kinds of word each phrase can be, and spelling."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache

from nanodesk.resources import resource_path

LANGUAGES = tuple(
    sorted(
        (path.stem for path in resource_path("engine", "words").glob("*.json")), key=lambda name: (name != "en", name)
    )
)
"""Every language there is a file of words for, English first: in doubt its reading is the one that is told."""

Tags = dict[str, str]
"""Every kind of word that a phrase can be, with its value: {"target": "background"}."""

Phrase = tuple[str, ...]

_MEANINGS = frozenset({"do", "comp", "is", "bad", "noun"})


@dataclass(frozen=True)
class Lexicon:
    """Phrases with their tags.

    Attributes:
        language: its code.
        longest: number of words of the longest phrase.
        vocabulary: every single word that occurs in a phrase.
        kept: words that are spelt right although no phrase holds them.
        examples: sentences to suggest, by row of the table, the first ideas under "".
    """

    language: str
    phrases: dict[Phrase, Tags] = field(repr=False)
    longest: int
    vocabulary: frozenset[str] = field(repr=False)
    kept: frozenset[str] = field(repr=False)
    examples: dict[str, list[str]] = field(repr=False)

    def corrected(self, word: str) -> str | None:
        """The one word of the vocabulary that a misspelt word can be; none where it is short, right or ambiguous.

        One slip of the pen (a letter more, less, other, or two swapped) in five letters or more, two in eight or more;
        the first letter must be right.
        """
        if len(word) < 5 or word in self.kept or not word.isalpha():
            return None
        single = re.sub(r"(.)\1", r"\1", word)
        if single in self.vocabulary:
            return single
        for slips in (1, 2) if len(word) >= 8 else (1,):
            near = [
                known
                for known in self.vocabulary
                if known[0] == word[0]
                and len(known) >= 4
                and abs(len(known) - len(word)) <= slips
                and distance(word, known) <= slips
            ]
            if near:
                return max(near, key=len) if len(near) == 1 or self._same(near) else None
        return None

    def _same(self, words: list[str]) -> bool:
        """Whether words come to the same: “warm” and “warmer”."""
        meanings = [set(self.phrases.get((word,), {}).items()) for word in words]
        told = [{value for kind, value in meaning if kind in _MEANINGS} for meaning in meanings]
        return bool(set.intersection(*meanings)) or bool(set.intersection(*told))


def distance(one: str, other: str) -> int:
    """Slips of the pen between two words (optimal string alignment: Damerau 1964, Levenshtein 1966)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before = before, row
        row = [i]
        for j, right in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
    return row[-1]


@cache
def colour_names() -> dict[str, str]:
    """The first English word for each colour that has one, by `#rrggbb`."""
    names: dict[str, str] = {}
    for phrase, tags in lexicon("en").phrases.items():
        if "colour" in tags:
            names.setdefault(tags["colour"], " ".join(phrase))
    return names


@cache
def _spelt_right() -> frozenset[str]:
    """Words of any language that are no slips of the pen of ours."""
    words: set[str] = set()
    for language in LANGUAGES:
        data = json.loads(resource_path("engine", "words", f"{language}.json").read_text(encoding="utf-8"))
        words.update(data.get("not-misspelt", {}).get("", []))
    return frozenset(words)


@cache
def lexicon(language: str) -> Lexicon:
    """The words of a language; read once.

    Raises:
        ValueError: when one phrase has two values of one kind.
    """
    path = resource_path("engine", "words", f"{language}.json")
    data: dict[str, dict[str, list[str]]] = json.loads(path.read_text(encoding="utf-8"))
    data.pop("not-misspelt", None)
    examples = data.pop("examples", {})
    phrases: dict[Phrase, Tags] = {}
    for kind, values in data.items():
        for value, words in values.items():
            for phrase in words:
                tags = phrases.setdefault(tuple(phrase.split()), {})
                if tags.setdefault(kind, value) != value:
                    raise ValueError(f"{language}: “{phrase}” means two things as {kind}.")
    vocabulary = frozenset(word for phrase in phrases for word in phrase if word[0].isalpha())
    return Lexicon(language, phrases, max(len(phrase) for phrase in phrases), vocabulary, _spelt_right(), examples)
