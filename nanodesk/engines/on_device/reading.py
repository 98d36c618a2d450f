"""A sentence as tokens: quoted words, numbers with units, ratios, sizes, colours, and phrases of the lexicon."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nanodesk.engines.on_device.lexicon import Lexicon, Tags


@dataclass(frozen=True)
class Token:
    """A phrase, a number or a quotation.

    Attributes:
        said: as it stands in the sentence.
        tags: what kinds of word it can be; none for a word that is not known.
        number: of a number; `unit` is "%", "px", "deg", "ev", "K", "x" or nothing.
        pair: width and height of a size or ratio.
        guessed: whether it was misspelt and put right.
    """

    said: str
    tags: Tags = field(default_factory=dict)
    number: float = 0.0
    unit: str = ""
    signed: bool = False
    pair: tuple[float, float] | None = None
    guessed: bool = False


_DECIMAL = r"\d+(?:[.,]\d+)?"
_SCAN = re.compile(
    rf"""
      (?P<quote>“[^”]*”|„[^“”]*[“”]|‘[^’]*’|«[^»]*»|»[^«]*«|"[^"]*"|(?<![\w])'[^']*(?:'\w[^']*)*'(?!\w))
    | (?P<mention>(?<![\w.@])@(?:"[^"]*"|\w+(?:[.\-]\w+)*))
    | (?P<hex>\#(?:[0-9a-fA-F]{{6}}|[0-9a-fA-F]{{3}})\b)
    | (?P<size>\d{{1,5}}\s*(?:[x×*]|by\b)\s*\d{{1,5}}(?!\w|[.,]\d)(?:\s*px\b|\s*pixels?\b)?)
    | (?P<ratio>{_DECIMAL}\s*[:/]\s*{_DECIMAL}(?!\w))
    | (?P<decade>['’]?(?:19)?\d0(?:s|er)(?:-[^\W\d_]+)*\b)
    | (?P<number>(?:[+\-−]\s?)?{_DECIMAL}\s*(?:%|px\b|°|K\b|x(?!\w))?)
    | (?P<word>[^\W\d_]+(?:['’\-&/][^\W\d_]+)*)
    | (?P<break>[,;.!?\n•]+|(?<=\s)[–—-](?=\s)|(?<![^\n])[–—-](?=\s))
    | (?P<and>&)
    | (?P<other>\S)
    """,
    re.VERBOSE,
)
_LARGEST_RATIO = 32
"""“4x5” is a ratio; “640x480” is a size in pixels."""


def read(sentence: str, words: Lexicon) -> list[Token]:
    """The tokens of a sentence; what is not known has no tags."""
    scanned: list[Token | str] = []
    for match in _SCAN.finditer(unicodedata.normalize("NFC", sentence)):
        kind, said = str(match.lastgroup), match.group()
        if kind == "decade":
            scanned.extend(said.lower().lstrip("'’").split("-"))
        elif kind in {"word", "and"}:
            scanned.extend(_words(said.lower().replace("’", "'"), words))
        elif kind in {"size", "ratio"}:
            scanned.append(_pair(kind, said))
        else:
            scanned.append(_SINGLE[kind](said))
    unknown = {item for item in scanned if isinstance(item, str) and item not in words.vocabulary}
    right = {word: corrected for word in unknown if (corrected := words.corrected(word)) is not None}
    return _with_units(_phrases(scanned, words, right))


def _words(said: str, words: Lexicon) -> list[str]:
    if (said,) in words.phrases or said in words.vocabulary:
        return [said]
    joined = said.replace("-", "")
    return [joined] if (joined,) in words.phrases else [part for part in re.split(r"[-/]", said) if part]


def _quote(said: str) -> Token:
    return Token(said[1:-1], {"quote": said[1:-1]})


def _hex(said: str) -> Token:
    digits = said[1:] if len(said) == 7 else "".join(2 * digit for digit in said[1:])
    return Token(said, {"colour": f"#{digits.lower()}"})


def _break(said: str) -> Token:
    return Token(said, {"join": "comma"})


def _unknown(said: str) -> Token:
    return Token(said, {"filler": ""} if said in ":()" else {"join": "and"} if said == "+" else {})


def _pair(kind: str, said: str) -> Token:
    first, second = (float(text.replace(",", ".")) for text in re.findall(_DECIMAL, said)[:2])
    small = max(first, second) <= _LARGEST_RATIO and "px" not in said and "pixel" not in said
    tag = "proportion" if kind == "ratio" or small else "dimensions"
    return Token(said, {tag: said}, pair=(first, second))


def _number(said: str) -> Token:
    text = said.replace("−", "-").replace(" ", "")
    found = re.match(rf"[+-]?{_DECIMAL}", text)
    assert found is not None
    digits, unit = found.group(), text[found.end() :]
    # A comma before three digits parts thousands; before others it is the decimal sign of many languages.
    digits = digits.replace(",", "") if re.search(r"[1-9],\d{3}$", digits) else digits.replace(",", ".")
    return Token(said, {"number": ""}, float(digits), {"°": "deg"}.get(unit, unit), digits[0] in "+-")


def _mention(said: str) -> Token:
    """A layer by its name; what may stand for a part of the picture or, in `exceptions`, for its colour."""
    return Token(said, {"mention": said, "target": said})


_SINGLE = {
    "quote": _quote,
    "hex": _hex,
    "mention": _mention,
    "number": _number,
    "break": _break,
    "other": _unknown,
}


def _phrases(scanned: list[Token | str], words: Lexicon, right: dict[str, str]) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while place < len(scanned):
        item = scanned[place]
        if isinstance(item, Token):
            tokens.append(item)
            place += 1
            continue
        length, token = _longest(scanned[place : place + words.longest], words, right)
        tokens.append(token)
        place += length
    return tokens


def _longest(scanned: list[Token | str], words: Lexicon, right: dict[str, str]) -> tuple[int, Token]:
    """The longest phrase that starts here; else the word, put right where it is plainly misspelt."""
    run: list[str] = []
    for item in scanned:
        if isinstance(item, Token):
            break
        run.append(item)
    found = _known([right.get(word, word) for word in run], words)
    if found is None:
        return 1, Token(run[0])
    length, token = found
    said = " ".join(run[:length])
    return length, token if said == token.said else replace(token, said=said, guessed=True)


def _known(run: list[str], words: Lexicon) -> tuple[int, Token] | None:
    for length in range(len(run), 0, -1):
        tags = words.phrases.get(tuple(run[:length]))
        if tags is not None:
            said = " ".join(run[:length])
            if "measure" in tags:
                amount, _, unit = tags["measure"].partition(" ")
                return length, Token(said, {"number": ""}, float(amount), unit)
            value = tags.get("wordnumber")
            if value is not None:
                return length, Token(" ".join(run[:length]), {"number": ""}, float(value))
            return length, Token(" ".join(run[:length]), tags)
    return None


def _with_units(tokens: list[Token]) -> list[Token]:
    """Numbers joined with the unit that stands after them, or a “radius” before them."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last is not None and last.pair and last.pair[1] and token.tags.get("unit") == "ev":
            joined[-1] = Token(f"{last.said} {token.said}", {"number": ""}, last.pair[0] / last.pair[1], "ev")
            continue
        if last is not None and "number" in last.tags and not last.unit and "unit" in token.tags:
            joined[-1] = _measured(last, token.tags["unit"], f"{last.said} {token.said}")
        elif (
            last is not None
            and "unit" in last.tags
            and "number" in token.tags
            and token.unit in {"", last.tags["unit"]}
        ):
            joined[-1] = _measured(token, last.tags["unit"], f"{last.said} {token.said}")
        elif last is not None and last.unit == "px" and token.tags.get("unit") == "px":
            joined[-1] = _measured(last, "px", f"{last.said} {token.said}")  # “12 px radius”
        else:
            joined.append(token)
    return joined


def _measured(token: Token, unit: str, said: str) -> Token:
    return Token(said, token.tags, token.number, unit, token.signed)
