"""What a fit found, in words, as it stands with the parts that are kept now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.document.fit import FitOutcome

if TYPE_CHECKING:
    from nanodesk.document.fit import FittedAnswer, FittedIsland

NOT_FOUND = "The answer could not be found in the picture: shown as it came"


def parts_of(fit: FittedAnswer) -> tuple[FittedIsland, ...]:
    """The parts that can be kept or dropped; an answer that is shown whole has none."""
    return fit.islands if fit.outcome is FitOutcome.EDIT else ()


def found(fit: FittedAnswer) -> str:
    """What changed, one sentence without its full stop."""
    match fit.outcome:
        case FitOutcome.EDIT:
            return _parts(fit)
        case FitOutcome.UNALIGNED:
            return NOT_FOUND
        case FitOutcome.NONE:
            return "Nothing changed beyond the answer’s own noise"
        case FitOutcome.RESTYLE:
            return "The whole picture was redrawn"
    return fit.sentence.rstrip(".")


def _parts(fit: FittedAnswer) -> str:
    kept = [island for island in fit.islands if island.number in fit.kept]
    dropped = [island for island in fit.islands if island.number not in fit.kept]
    if not kept:
        return f"Nothing is kept, {_counted(len(dropped))} dropped"
    if not dropped:
        return f"Only {_counted(len(kept))} changed, {_share(kept)} of the picture"
    if all(island.side_effect for island in dropped):
        what = "one side effect" if len(dropped) == 1 else f"{len(dropped)} side effects"
        return f"Only {_counted(len(kept))} changed, {_share(kept)} of the picture; {what} dropped"
    return f"{len(kept)} of {len(fit.islands)} parts kept, {_share(kept)} of the picture"


def moved(fit: FittedAnswer) -> str:
    """How far the answer had been moved, and that this was put right; empty where it lay right."""
    if fit.outcome is FitOutcome.UNALIGNED:
        return ""
    zoom = (fit.scale - 1) * 100
    facts = []
    if fit.shift_px >= 0.05:
        facts.append(f"{fit.shift_px:.1f} px off")
    if abs(zoom) >= 0.05:
        facts.append(f"{abs(zoom):.1f} % too {'large' if zoom > 0 else 'small'}")
    if abs(fit.rotation_deg) >= 0.05:
        facts.append(f"turned by {abs(fit.rotation_deg):.1f}°")
    if not facts:
        return ""
    told = facts[0] if len(facts) == 1 else f"{', '.join(facts[:-1])} and {facts[-1]}"
    return f"came {told}; put right"


def extent(island: FittedIsland) -> str:
    """How much one part is."""
    box = island.box
    return f"{_share([island])} · {box.width} × {box.height} px · ΔE\N{NO-BREAK SPACE}{island.delta_e:.0f}"


def _counted(parts: int) -> str:
    return "one part" if parts == 1 else f"{parts} parts"


def _share(islands: list[FittedIsland]) -> str:
    share = sum(island.share for island in islands) * 100
    return "less than 0.1 %" if share < 0.05 else f"{share:.1f} %"
