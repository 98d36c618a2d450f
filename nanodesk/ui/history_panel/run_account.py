"""What an unfolded row tells of a run, as pieces to be set."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from nanodesk.document.candidate import CandidateState
from nanodesk.document.run import Charged, Remedy, RunState
from nanodesk.editor.foreign_answers import OTHER_TOOL
from nanodesk.ui.history_panel.flow import Look, Piece
from nanodesk.ui.history_panel.words import bytes_words, counted, money, plain, seconds
from nanodesk.ui.history_panel.zones import Zone, ZoneKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nanodesk.document.candidate import Candidate
    from nanodesk.document.run import Run
    from nanodesk.ui.history_panel.rows import LayerRow, RunRow
    from nanodesk.ui.history_panel.run_story import RunStory

DOT = Piece(" · ", Look.DIM)
LONGEST_WORDS = 1500
"""So many characters of a model's words are set in a row; the strip shows them whole."""

Paragraph = list[Piece]

_CHARGED = {
    Charged.NO: "Nothing was charged.",
    Charged.MAYBE: "It may have been charged.",
    Charged.YES: "It was charged.",
}
_STATES = {CandidateState.WAITING: "waits"}


def account_of(row: LayerRow) -> list[Paragraph]:
    """The run that made a layer: its sentences, its facts, and the ways on from here."""
    provenance = row.layer.provenance
    assert provenance is not None
    if row.story is None:
        done = not provenance.generative
        sentences = [_verdict(place, one, None, done=done) for place, one in enumerate(provenance.instructions)]
        facts = _facts(provenance.duration_s, provenance.cost, provenance.references, plain(provenance.model))
        return [*sentences, *facts, *_fitted(row), _ways(walk=True)]
    ways = _ways(walk=True, again=bool(row.story.run.edits))
    return [*_asked(row.story), *_fitted(row), ways, *_brought(row.story, words=row.words)]


def _fitted(row: LayerRow) -> list[Paragraph]:
    """How often models have drawn it, and the ways to its parts."""
    pieces = [Piece(row.wear, Look.DIM)] if row.wear else []
    if row.fitted:
        pieces += [*([DOT] if pieces else []), Piece("what changed", Look.LINK, Zone(ZoneKind.CHANGED))]
    if row.older:
        pieces += [DOT, Piece("refit", Look.LINK, Zone(ZoneKind.REFIT))]
    return [pieces] if pieces else []


def story_account(row: RunRow) -> list[Paragraph]:
    """A run without a layer of its own in the list: the same, and why it failed."""
    failed = row.run.state is RunState.FAILED
    paragraphs = failure_of(row) if failed else []
    if not row.unfolded:
        return paragraphs
    if not row.run.state.active and not failed:
        paragraphs = [_ways(walk=row.story.step is not None)]
    return [*_asked(row.story), *paragraphs, *_brought(row.story, words=row.words)]


def failure_of(row: RunRow) -> list[Paragraph]:
    """Why a run failed, whether that was charged, and the ways on."""
    run = row.run
    message = plain(run.message) or "The run failed."
    sentence = [Piece(message, Look.ATTENTION)]
    if "charged" not in message.lower():
        sentence.append(Piece(f" {_CHARGED[run.charged]}", Look.DIM))
    if row.asking:
        question = Piece("It may already have been charged. ", Look.DIM)
        yes = Piece("Send it again", Look.LINK, Zone(ZoneKind.SEND_AGAIN))
        return [sentence, [question, yes, DOT, Piece("Leave it", Look.LINK, Zone(ZoneKind.LEAVE))]]
    ways = [Piece("Run again", Look.LINK, Zone(ZoneKind.RUN_AGAIN))]
    if run.remedy is Remedy.OTHER_MODEL and run.successor:
        ways += [DOT, Piece(f"Run with {plain(run.successor)}", Look.LINK, Zone(ZoneKind.SUCCESSOR))]
    if not row.stays:
        ways += [DOT, Piece("Dismiss", Look.LINK, Zone(ZoneKind.DISMISS))]
    return [sentence, ways]


def _asked(story: RunStory) -> list[Paragraph]:
    """What was asked with which outcome, what it took and what it was asked with."""
    run = story.run
    missed = {verdict.edit: verdict.note or "not found in the result" for verdict in run.verdicts if not verdict.done}
    missed.update(run.edit_messages)
    seen = {verdict.edit for verdict in run.verdicts if verdict.done}
    done = run.state is RunState.DONE and not story.generative
    paragraphs = [
        _verdict(place, edit.instruction, missed.get(place), done=done or place in seen)
        for place, edit in enumerate(run.edits)
    ]
    paragraphs.extend([Piece(plain(note), Look.DIM)] for note in run.notes)
    if run.state is RunState.CANCELLED:
        paragraphs.append([Piece(plain(run.message) or "Cancelled.", Look.DIM)])
    model = plain(run.answered_by or run.model or (OTHER_TOOL if run.engine == OTHER_TOOL else ""))
    when = [_moment(run.created)] if run.created else []
    return [*paragraphs, *_facts(run.duration_s, run.usage.cost, run.references, model, when, _tokens(run))]


def _brought(story: RunStory, *, words: bool) -> list[Paragraph]:
    """Its answers with what became of them, what left this computer for them, and the model's words."""
    paragraphs = [_answer(story, place) for place in range(len(story.candidates))]
    left = _left(story)
    if left:
        paragraphs.append([Piece(left, Look.DIM)])
    return [*paragraphs, *_words(story, unfolded=words)]


def _verdict(place: int, sentence: str, reason: str | None, *, done: bool) -> Paragraph:
    """A sentence with its mark: done, missed, or (for a model's answer that nobody has checked) neither."""
    words = Piece(plain(sentence))
    if reason is None:
        return [Piece(look=Look.GOOD, icon="check"), words] if done else [Piece(look=Look.DIM, icon="minus"), words]
    return [
        Piece(look=Look.ATTENTION, icon="circle"),
        words,
        Piece(f" — {plain(reason)}", Look.DIM),
        DOT,
        Piece("run again", Look.LINK, Zone(ZoneKind.RUN_AGAIN, place)),
    ]


def _answer(story: RunStory, place: int) -> Paragraph:
    """One answer with its state, and what can be done about it."""
    candidate = story.candidates[place]
    name = "The answer" if len(story.candidates) == 1 else f"Answer {place + 1}"
    pieces = [Piece(f"{name} · {_STATES.get(candidate.state, candidate.state.value)}", Look.DIM)]
    if candidate.state is CandidateState.WAITING:
        pieces += [DOT, Piece("show", Look.LINK, Zone(ZoneKind.SHOW_ANSWER, place))]
    elif candidate.state is not CandidateState.ACCEPTED:
        pieces += [DOT, Piece("bring back", Look.LINK, Zone(ZoneKind.BRING_BACK, place))]
    if candidate.reply is not None:
        words = "continue from this answer" if len(story.candidates) == 1 else "continue from it"
        pieces += [DOT, Piece(words, Look.LINK, Zone(ZoneKind.CONTINUE, place))]
    return pieces


def _facts(
    duration_s: float | None,
    cost: float | None,
    references: Sequence[str],
    model: str,
    when: Sequence[str] = (),
    tokens: str = "",
) -> list[Paragraph]:
    facts = [*when]
    if duration_s is not None:
        facts.append(seconds(duration_s))
    if cost:
        facts.append(money(cost))
    if references:
        facts.append("refs: " + ", ".join(plain(name) for name in references))
    facts += [one for one in (tokens, model) if one]
    return [[Piece(" · ".join(facts), Look.DIM)]] if facts else []


def _moment(time_s: float) -> str:
    return time.strftime("%d %b, %H:%M", time.localtime(time_s)).lstrip("0")


def _tokens(run: Run) -> str:
    usage = run.usage
    if not usage.input_tokens and not usage.output_tokens:
        return ""
    thinking = f", {usage.thought_tokens:,} of them thinking" if usage.thought_tokens else ""
    return f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out{thinking}"


def _left(story: RunStory) -> str:
    """What left this computer, when and where to."""
    sent = story.sent
    if not sent:
        return ""
    hosts = ", ".join(dict.fromkeys(plain(entry.host) for entry in sent))
    pictures = sum(len(entry.pictures) for entry in sent)
    size = bytes_words(sum(entry.size_bytes for entry in sent))
    requests = f" in {len(sent)} requests" if len(sent) > 1 else ""
    what = f"{counted(pictures, 'picture')} and words, {size}{requests}"
    words = f"Left this computer {_moment(sent[0].sent)}, to {hosts}: {what}."
    lost = sum(entry.answered is None for entry in sent)
    if lost and not story.run.state.active:
        came = "No answer came" if lost == len(sent) else f"{lost} of them got no answer"
        words += f" {came}; it may have been charged."
    return words


def _words(story: RunStory, *, unfolded: bool) -> list[Paragraph]:
    """The model's own words, folded at first."""
    told = [candidate for candidate in story.candidates if candidate.words.strip() or candidate.thoughts.strip()]
    if not told:
        return []
    link = Piece("Hide the model’s words" if unfolded else "The model’s words", Look.LINK, Zone(ZoneKind.WORDS))
    if not unfolded:
        return [[link]]
    return [[link], *(paragraph for candidate in _once(told) for paragraph in _said(candidate))]


def _once(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Pictures of one answer share their thoughts, and often their words."""
    return list({(one.words, one.thoughts): one for one in candidates}.values())


def _said(candidate: Candidate) -> list[Paragraph]:
    paragraphs = [[Piece(plain(_short(line)), Look.TEXT)] for line in candidate.words.splitlines() if line.strip()]
    if candidate.thoughts.strip():
        paragraphs.append([Piece(f"While thinking: {plain(_short(candidate.thoughts))}", Look.DIM)])
    return paragraphs[:40]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1].rstrip() + "…"


def _ways(*, walk: bool, again: bool = True) -> Paragraph:
    """The ways on: `again` where there is something that could be sent once more."""
    ways = [Piece("run again", Look.LINK, Zone(ZoneKind.RUN_AGAIN))] if again else []
    if walk:
        ways += [
            *([DOT] if ways else []),
            Piece("revert to here", Look.LINK, Zone(ZoneKind.REVERT)),
            DOT,
            Piece("branch", Look.LINK, Zone(ZoneKind.BRANCH)),
        ]
    return ways
