"""Words that belong together before clauses are read: exceptions, colours of layers, colours of outlines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nanodesk.engines.on_device.reading import Token
from nanodesk.engines.on_device.targets import complement

if TYPE_CHECKING:
    from collections.abc import Callable

_ALL = {"everything", "all", "alles"}


def gathered(tokens: list[Token]) -> list[Token]:
    """The tokens with what belongs together as one."""
    for gather in (_colours_of_layers, _outlines, _all_but):
        tokens = gather(tokens)
    return tokens


def spared(tokens: list[Token]) -> list[Token]:
    """The tokens of a clause with “it … except the subject” as the one target that is left."""
    for place, token in enumerate(tokens):
        if "except" in token.tags:
            after = _next(tokens, place + 1, lambda other: "target" in other.tags)
            left = "" if after is None else complement(tokens[after].tags["target"])
            others = [other for at, other in enumerate(tokens) if at not in {place, after}]
            if after is None or not left or not _says_more(others):
                return tokens
            rest = [other for other in others if other.tags.get("target") != "picture"]
            if any("target" in other.tags for other in rest):
                return tokens
            said = f"{token.said} {tokens[after].said}"
            return [*rest, Token(said, {"target": left})]
    return tokens


def _says_more(tokens: list[Token]) -> bool:
    return any(not set(token.tags) <= {"filler", "target"} for token in tokens)


def _next(tokens: list[Token], place: int, wanted: Callable[[Token], bool]) -> int | None:
    """The first token of a kind from a place on, with nothing but filler words before it."""
    for at in range(place, len(tokens)):
        if wanted(tokens[at]):
            return at
        if "filler" not in tokens[at].tags:
            return None
    return None


def _all_but(tokens: list[Token]) -> list[Token]:
    """“Everything but the person”: “but” joins no clauses here."""
    result = list(tokens)
    for place, token in enumerate(tokens[:-1]):
        follows = tokens[place + 1]
        if token.said in _ALL and follows.said in {"but", "außer"} and follows.tags:
            result[place + 1] = replace(follows, tags={"except": ""})
    return result


def _colours_of_layers(tokens: list[Token]) -> list[Token]:
    """“The colour of @logo”, “the same blue as @logo”: a colour that is known when the picture is there."""
    result: list[Token] = []
    for token in tokens:
        start = _opening(result) if "mention" in token.tags else None
        if start is None:
            result.append(token)
            continue
        said = " ".join(other.said for other in [*result[start:], token])
        result[start:] = [Token(said, {"colour": token.tags["mention"]})]
    return [token for place, token in enumerate(result) if not _names_layer(result, place)]


def _opening(before: list[Token]) -> int | None:
    for place in range(len(before) - 1, -1, -1):
        tags = before[place].tags
        if "colourof" in tags:
            return place
        if not {"filler", "colour"} & set(tags):
            return None
    return None


def _names_layer(tokens: list[Token], place: int) -> bool:
    """Whether a token is the word “layer” after or before a layer's name."""
    before = tokens[place - 1].said if place else ""
    after = tokens[place + 1].said if place + 1 < len(tokens) else ""
    return "layerword" in tokens[place].tags and ("@" in before or after.startswith("@"))


def _outlines(tokens: list[Token]) -> list[Token]:
    """“With a black outline”: the colour before it is the outline's; black where there is none."""
    result: list[Token] = []
    for token in tokens:
        if "outline" not in token.tags:
            result.append(token)
        elif result and "colour" in result[-1].tags:
            before = result.pop()
            result.append(Token(f"{before.said} {token.said}", {"outline": before.tags["colour"]}))
        else:
            result.append(replace(token, tags={"outline": "#000000"}))
    return result
