"""From a sentence to steps: clauses, what they carry over, and a plain reason where a word is not accounted for."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nanodesk.engines.on_device.backgrounds import BACKGROUNDS
from nanodesk.engines.on_device.colours import COLOURS
from nanodesk.engines.on_device.edges import EDGES
from nanodesk.engines.on_device.frames import Frame, Slots, Step, UnfitError, fitted
from nanodesk.engines.on_device.lexicon import LANGUAGES, lexicon
from nanodesk.engines.on_device.reading import Token, read
from nanodesk.engines.on_device.shapes import SHAPES
from nanodesk.engines.on_device.sparing import gathered, spared
from nanodesk.engines.on_device.table import TABLE
from nanodesk.engines.on_device.targets import apart, complement
from nanodesk.engines.on_device.tones import TONES
from nanodesk.engines.on_device.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

_FRAMES = (*TONES, *COLOURS, *SHAPES, *EDGES, *WORDS, *BACKGROUNDS)
_CARRIED = ("make", "want", "dir", "too", "copula", "target")
_GUESSED = 0.8
"""How sure a step is at most when a word of it was misspelt."""
_LONGEST_ECHO = 80
"""Letters of a sentence that a refusal repeats."""


@dataclass(frozen=True)
class Understood:
    """What a sentence says to do."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Refused:
    """Why a sentence is not done.

    Attributes:
        known: whether some of its words are words of picture editing: then another engine may understand it.
        hints: names of operations that it speaks of.
    """

    reason: str
    known: bool = False
    hints: tuple[str, ...] = ()


@dataclass
class _Clause:
    """A part of a sentence; `after` is what joins it to the one before."""

    tokens: list[Token]
    after: str = ""
    step: Step | None = None
    frame: Frame | None = None
    slots: Slots = field(default_factory=Slots)


def understand(sentence: str) -> Understood | Refused:
    """The steps of one sentence, in any language there is a lexicon for; nothing is guessed."""
    refusals: list[tuple[int, bool, Refused]] = []
    for language in LANGUAGES:
        tokens = gathered(read(sentence, lexicon(language)))
        outcome = _understood(tokens)
        if isinstance(outcome, Understood):
            return outcome
        strange = sum(not token.tags for token in tokens)
        refusals.append((-strange, outcome.known, outcome))
    return max(refusals, key=lambda refused: refused[:2])[2]


def _understood(tokens: list[Token]) -> Understood | Refused:
    extra = next((token.tags["extra"] for token in tokens if "extra" in token.tags), "")
    if extra:
        return Refused(_EXTRAS[extra], known=True, hints=_hints(tokens))
    clauses = _clauses(tokens)
    if not clauses:
        return Refused("There is nothing in this edit to do; write what should change.")
    done: list[_Clause] = []
    kept: set[str] = set()
    try:
        fault = _all_taken(clauses, done, kept)
        if fault is not None:
            return _refusal(tokens, fault)
    except UnfitError as error:
        return Refused(str(error), known=True, hints=_hints(tokens))
    _share_targets(done)
    steps = _joined([clause.step for clause in done if clause.step is not None])
    if not steps:
        return Refused("It says what to keep as it is and not what to change; write what should change.", known=True)
    steps = [_sparing(step, kept) for step in steps]
    if not _respected(steps, kept):
        said = " and the ".join(sorted(target.removeprefix("?") for target in kept))
        return Refused(f"It would change the {said} that it says to keep; say which part should change.", known=True)
    return Understood(tuple(steps))


def _all_taken(clauses: list[_Clause], done: list[_Clause], kept: set[str]) -> _Clause | None:
    """Understand clauses in order, or two as one (“a duotone in navy and orange”); the first that is not understood."""
    place = 0
    while place < len(clauses):
        clause = clauses[place]
        keep = _kept(clause)
        if keep:
            kept.add(keep)
        elif not _taken(clause, done):
            follows = clauses[place + 1] if place + 1 < len(clauses) else None
            if follows is not None and follows.after in {"and", "comma"}:
                both = _Clause([*clause.tokens, *follows.tokens], clause.after)
                if _parsed(both, both.tokens):
                    done.append(both)
                    place += 2
                    continue
            halves = _halves(clause)
            if halves is None:
                return clause
            done.extend(halves)
        place += 1
    return None


def _halves(clause: _Clause) -> list[_Clause] | None:
    """“A faded look with some grain” as two clauses; none where either says nothing."""
    for place, token in enumerate(clause.tokens):
        if token.said in {"with", "mit"}:
            first, second = _Clause(clause.tokens[:place], clause.after), _Clause(clause.tokens[place + 1 :], "and")
            if _parsed(first, first.tokens) and _parsed(second, second.tokens):
                return [first, second]
    return None


def _clauses(tokens: list[Token]) -> list[_Clause]:
    clauses: list[_Clause] = []
    current, after = _Clause([]), ""
    for token in tokens:
        if "join" in token.tags:
            if current.tokens:
                clauses.append(current)
                after = ""
            value = token.tags["join"]
            after = "then" if "then" in {value, after} else "and" if "and" in {value, after} else value
            current = _Clause([], after)
        else:
            current.tokens.append(token)
    if current.tokens:
        clauses.append(current)
    return [clause for clause in clauses if any(set(token.tags) != {"filler"} for token in clause.tokens)]


def _taken(clause: _Clause, done: list[_Clause]) -> bool:
    """Understand a clause, alone, as the rest of the one before, or with what it leaves unsaid taken from that one."""
    if _styles(clause, done):
        return True
    if _parsed(clause, clause.tokens):
        done.append(clause)
        return True
    if not done:
        return False
    last = done[-1]
    if _parsed(last, [*last.tokens, *clause.tokens]):
        last.tokens = [*last.tokens, *clause.tokens]
        return True
    if _cuts(last.step):  # “remove the background and make it white”: it is the background
        clause.tokens = [token for token in clause.tokens if token.said not in {"it", "them", "es", "ihn"}]
    own = {kind for token in clause.tokens for kind in token.tags}
    carried = [token for kind in _CARRIED for token in last.slots.found.get(kind, ()) if kind not in own]
    if _cuts(last.step):
        carried = [Token("background", {"target": "background"})]
    if (last.frame in TONES or _cuts(last.step)) and _parsed(clause, [*carried, *clause.tokens]):
        done.append(clause)
        return True
    return False


def _styles(clause: _Clause, done: list[_Clause]) -> bool:
    """“… with a black outline and a shadow”: words of style alone belong to the text before."""
    if not done or done[-1].step is None or done[-1].step.operation != "text":
        return False
    style = {"dropshadow", "outline", "opacity", "weight", "fitwidth", "align", "textsize", "number", "place"}
    if not all(style & set(token.tags) or "filler" in token.tags for token in clause.tokens):
        return False
    last = done[-1]
    if not _parsed(last, [*last.tokens, *clause.tokens]):
        return False
    last.tokens = [*last.tokens, *clause.tokens]
    return True


def _cuts(step: Step | None) -> bool:
    return step is not None and step.operation == "remove-background"


def _parsed(clause: _Clause, tokens: list[Token]) -> bool:
    if any(not token.tags for token in tokens):
        return False
    tokens = spared(tokens)
    unfit: UnfitError | None = None
    for frame in _FRAMES:
        slots = fitted(frame, tokens)
        try:
            step = None if slots is None else frame.build(slots)
        except UnfitError as error:
            unfit = unfit or error
            continue
        if slots is not None and step is not None:
            if any(token.guessed for token in tokens):
                step = replace(step, sure=min(step.sure, _GUESSED))
            clause.step, clause.frame, clause.slots = step, frame, slots
            return True
    if unfit is not None:
        raise unfit
    return False


def _kept(clause: _Clause) -> str:
    """“But keep the subject sharp”: what must stay as it is; nothing where the clause says something else."""
    for frame in _KEEPING:
        slots = fitted(frame, clause.tokens)
        if slots is not None:
            # “Keep the background” alone says no more than that it stays; what else shall change is a guess.
            told = slots.has("kept") or slots.has("except") or slots.has("neg")
            return slots.target if told else f"?{slots.target}"
    return ""


_KEEPING = (
    Frame(("keep", "target"), ("kept",), lambda _: None),
    Frame(("except", "target"), (), lambda _: None),
    Frame(("neg", "target"), (), lambda _: None),
)


def _sparing(step: Step, kept: set[str]) -> Step:
    """A step on the whole picture, limited to what is left of it when one part is spared in so many words."""
    if step.target != "picture" or len(kept) != 1 or not TABLE[step.operation].kind.limited:
        return step
    (target,) = kept
    left = complement(target.removeprefix("?"))
    return replace(step, target=left) if left and not target.startswith("?") else step


def _respected(steps: Iterable[Step], kept: set[str]) -> bool:
    return all(apart(step.target, target.removeprefix("?")) for target in kept for step in steps)


def _share_targets(clauses: list[_Clause]) -> None:
    """“Make the background darker and blurrier”; “darken and blur the background”; “contrast and warmth by 20 %”."""
    for before, clause in itertools.pairwise(clauses):
        says = _says(before, "make", "copula", "want") or (
            clause.after == "and" and _says(before, "comp", "is", "bad") and not _says(before, "do", "noun")
        )
        if _bare(clause, "comp", "is", "bad") and says and _says(before, "target"):
            clause.step = _retargeted(clause, before)
    for clause, after in reversed(list(itertools.pairwise(clauses))):
        if after.after == "and" and _bare(clause, "do") and _says(after, "do") and _says(after, "target"):
            clause.step = _retargeted(clause, after)
        if after.after == "and" and _alike(clause, after):
            _parsed(clause, [*clause.tokens, after.slots.token("number")])


def _bare(clause: _Clause, *kinds: str) -> bool:
    """Whether a clause is such a word alone, with how much of it at most."""
    said = set(clause.slots.found) - {"filler", "strength", "number", "particle", "dir"}
    return len(said) == 1 and said <= set(kinds)


def _alike(clause: _Clause, after: _Clause) -> bool:
    """Whether the amount of a second noun is meant for the first as well: “contrast and saturation by 20 %”."""
    own = {kind for token in after.tokens for kind in token.tags}
    unsaid = not own & {"dir", "make", "want", "target"} and not _says(clause, "number", "strength")
    return unsaid and all(_says(one, "noun") for one in (clause, after)) and _says(after, "number")


def _says(clause: _Clause, *kinds: str) -> bool:
    return any(clause.slots.has(kind) for kind in kinds)


def _retargeted(clause: _Clause, other: _Clause) -> Step | None:
    target = other.slots.target
    return None if clause.step is None else replace(clause.step, target=target)


def _joined(steps: list[Step]) -> list[Step]:
    """“1920 wide and 1080 high” is one size; “remove the background and replace it by white” one replacement."""
    joined: list[Step] = []
    for step in steps:
        if joined and _cuts(joined[-1]) and step.operation == "replace-background":
            joined.pop()
        if joined and step.operation in {"resize", joined[-1].operation} and joined[-1].operation in {"resize", "crop"}:
            both = dict((*joined[-1].values, *step.values))
            if set(both) == {"width", "height"} and len(step.values) == len(joined[-1].values) == 1:
                joined[-1] = replace(joined[-1], values=(("width", both["width"]), ("height", both["height"])))
                continue
        joined.append(step)
    return joined


_EXTRAS = {
    "face": "Finding faces is an optional extra that is not installed; draw a selection round the face instead.",
    "upscaling": "Learned upscaling is an optional extra that is not installed; “upscale 2x” enlarges plainly.",
}


def _refusal(tokens: list[Token], clause: _Clause) -> Refused:
    said = " ".join(token.said.strip() for token in clause.tokens)
    said = said if len(said) <= _LONGEST_ECHO else said[: _LONGEST_ECHO - 1] + "…"
    hints = _hints(tokens)
    known = bool(hints) or any(
        {"remove", "replace", "text", "make", "want", "generative"} & set(t.tags) for t in tokens
    )
    if any("neg" in token.tags for token in clause.tokens):
        reason = f"“{said}” says what not to do; this engine does only what it is told to do. Leave it out."
        return Refused(reason, known=False, hints=hints)
    drawn = [token.said for token in clause.tokens if "generative" in token.tags]
    if drawn:
        words = " ".join(drawn)
        return Refused(f"“{words}” would have to be drawn anew; only a generative engine does that.", True, hints)
    strange = [token.said for token in clause.tokens if not token.tags]
    if strange:
        words = ", ".join(f"“{word[:_LONGEST_ECHO]}”" for word in dict.fromkeys(strange[:4]))
        return Refused(f"The on-device engine does not know {words} in “{said}”.", known, hints)
    return Refused(f"The on-device engine cannot tell what “{said}” should do.", known, hints)


def _hints(tokens: list[Token]) -> tuple[str, ...]:
    """The operations that the known words speak of."""
    names: dict[str, None] = {}
    for token in tokens:
        for kind, value in token.tags.items():
            if kind in {"do", "comp", "is", "bad", "noun"}:
                names[value.rstrip("+-")] = None
            elif kind in TABLE:
                names[kind] = None
            elif value in TABLE and kind == "target":
                names[value] = None
            elif value == "background":
                names.update({"blur": None, "remove-background": None, "replace-background": None})
            elif kind == "quote":
                names["text"] = None
    return tuple(names)
