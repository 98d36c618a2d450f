"""What an unfolded row tells of the run that made it, as pieces to be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.ui.history_panel.flow import Look, Piece
from nanodesk.ui.history_panel.words import money, plain, seconds
from nanodesk.ui.history_panel.zones import Zone, ZoneKind

if TYPE_CHECKING:
    from nanodesk.document.run import Run
    from nanodesk.ui.history_panel.rows import LayerRow

DOT = Piece(" · ", Look.DIM)


def account_of(row: LayerRow) -> list[list[Piece]]:
    """Each sentence with its verdict, then time, cost, references and the ways back."""
    provenance = row.layer.provenance
    assert provenance is not None
    missed = dict(row.run.edit_messages) if row.run is not None else {}
    paragraphs = [
        _verdict(place, sentence, missed.get(place)) for place, sentence in enumerate(provenance.instructions)
    ]
    if row.run is not None:
        paragraphs.extend([Piece(plain(note), Look.DIM)] for note in row.run.notes)
    facts = []
    if provenance.duration_s is not None:
        facts.append(seconds(provenance.duration_s))
    if provenance.cost:
        facts.append(money(provenance.cost))
    if provenance.references:
        facts.append("refs: " + ", ".join(plain(name) for name in provenance.references))
    ways: list[Piece] = []
    for fact in facts:
        ways += [Piece(fact, Look.DIM), DOT]
    ways += [
        Piece("revert to here", Look.LINK, Zone(ZoneKind.REVERT)),
        DOT,
        Piece("branch", Look.LINK, Zone(ZoneKind.BRANCH)),
    ]
    return [*paragraphs, ways]


def _verdict(place: int, sentence: str, reason: str | None) -> list[Piece]:
    words = Piece(plain(sentence))
    if reason is None:
        return [Piece(look=Look.GOOD, icon="check"), words]
    return [
        Piece(look=Look.ATTENTION, icon="circle"),
        words,
        Piece(f" — {plain(reason)}", Look.DIM),
        DOT,
        Piece("run again", Look.LINK, Zone(ZoneKind.RUN_AGAIN, place)),
    ]


def failure_of(run: Run) -> list[list[Piece]]:
    """Why a run failed, and the ways on."""
    return [
        [Piece(plain(run.message) or "The run failed.", Look.ATTENTION)],
        [
            Piece("Run again", Look.LINK, Zone(ZoneKind.RUN_AGAIN)),
            DOT,
            Piece("Dismiss", Look.LINK, Zone(ZoneKind.DISMISS)),
        ],
    ]
