"""The words of the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from nanodesk import __version__

SIZES = ("auto", "512", "1K", "2K", "4K")

_EXIT = (
    "exit status: 0 done, 2 wrong usage or no key, 3 an edit was not understood, 4 the model refused, 5 service, time "
    "limit or spending ceiling, 6 a file could not be read or written, 70 a fault of ours, 130 cancelled"
)


def parser() -> argparse.ArgumentParser:
    """The parser of every verb."""
    top = argparse.ArgumentParser(
        "nanodesk",
        description="Edit pictures with plain sentences. Without a verb: the window, on the files given.",
        epilog=_EXIT,
    )
    top.add_argument("--version", action="version", version=f"nanodesk {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    _edit(verbs)
    _plan(verbs)
    _show(verbs)
    _revert(verbs)
    _export(verbs)
    _fit(verbs)
    _models(verbs)
    _doctor(verbs)
    return top


Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _verb(verbs: Verbs, name: str, text: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text, epilog=_EXIT)
    verb.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    return verb


def _stack(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "-e", "--edit", action="append", default=[], metavar="TEXT", help="an edit; give several for a stack"
    )
    verb.add_argument(
        "-r",
        "--reference",
        action="append",
        default=[],
        type=Path,
        metavar="PICTURE",
        help="a picture that guides the edits",
    )
    verb.add_argument("--mask", type=Path, metavar="PICTURE", help="a grey picture: white where the edits may act")
    verb.add_argument(
        "--anyway", action="store_true", help="open pictures that are very large, and what there is of cut-off ones"
    )
    verb.add_argument(
        "--engine",
        default="auto",
        metavar="NAME",
        help="auto, on-device or gemini; naming an engine that sends pictures away is your consent for this command",
    )
    verb.add_argument("--model", default="", metavar="ID", help="a model of that engine; `nanodesk models` lists them")
    verb.add_argument("--size", default="auto", choices=SIZES, help="how large a generated answer shall be")
    verb.add_argument("--candidates", type=_count, default=1, metavar="N", help="how many answers to ask for")


def _edit(verbs: Verbs) -> None:
    verb = _verb(verbs, "edit", "Run a stack of edits on a picture or a project.")
    verb.add_argument("input", type=Path, nargs="?", metavar="INPUT", help="a picture or a .nanodesk project")
    verb.add_argument("--new", action="store_true", help="make a picture from the edits alone; needs -o and no INPUT")
    _stack(verb)
    verb.add_argument("--max-cost", type=_dollars, metavar="DOLLARS", help="send nothing that is expected to cost more")
    verb.add_argument(
        "--no-fit", action="store_true", help="insert an engine's whole picture, not only what it changed"
    )
    verb.add_argument("--time-limit", type=_seconds, metavar="SECONDS", help="give up after that time")
    verb.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        help="a picture or a .nanodesk project; further candidates are written beside a picture, numbered from 2",
    )


def _plan(verbs: Verbs) -> None:
    verb = _verb(verbs, "plan", "Say how each edit is understood, what would be sent and what it would cost.")
    verb.add_argument("input", type=Path, nargs="?", metavar="INPUT", help="a picture or a .nanodesk project")
    _stack(verb)


def _show(verbs: Verbs) -> None:
    verb = _verb(verbs, "show", "List the layers, history, runs and edit stack of a project.")
    verb.add_argument("project", type=Path, metavar="PROJECT")


def _revert(verbs: Verbs) -> None:
    verb = _verb(verbs, "revert", "Go to a step of a project's history; adds nothing and loses nothing.")
    verb.add_argument("project", type=Path, metavar="PROJECT")
    verb.add_argument("step", metavar="STEP", help="the id of a step, or its first characters, or its number in `show`")


def _export(verbs: Verbs) -> None:
    verb = _verb(verbs, "export", "Write a project's picture.")
    verb.add_argument("project", type=Path, metavar="PROJECT")
    verb.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help="a picture; .psd and .ora keep layers",
    )
    verb.add_argument("--layer", metavar="ID", help="only that layer, by id, its first characters or its name")
    verb.add_argument("--step", metavar="ID", help="the picture as it was at that step")
    verb.add_argument("--preset", metavar="NAME", help="a size preset by name")
    verb.add_argument("--quality", type=_quality, default=92, metavar="N", help="1 to 100, for JPEG, WebP, AVIF, PDF")
    verb.add_argument("--lossless", action="store_true", help="for WebP and PDF")
    verb.add_argument(
        "--keep",
        action="append",
        default=[],
        choices=("camera", "place"),
        help="carry along what the camera said, or where the photo was taken; neither is without this",
    )


def _fit(verbs: Verbs) -> None:
    verb = _verb(verbs, "fit", "Keep of another tool's answer only what it changed, at the original's resolution.")
    verb.add_argument("original", type=Path, metavar="ORIGINAL", help="a picture or a .nanodesk project")
    verb.add_argument("result", type=Path, metavar="RESULT", help="what another tool made of it")
    verb.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="a picture or a .nanodesk project"
    )
    verb.add_argument("--mask-out", type=Path, metavar="MASK", help="a PNG: white where the result is inserted")


def _models(verbs: Verbs) -> None:
    _verb(verbs, "models", "List the models that can be named, with sizes and prices.")


def _doctor(verbs: Verbs) -> None:
    _verb(verbs, "doctor", "Check what this machine offers.")


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 8:
        raise argparse.ArgumentTypeError("from 1 to 8")
    return value


def _dollars(text: str) -> float:
    value = float(text.removeprefix("$"))
    if not 0 <= value < 100_000:
        raise argparse.ArgumentTypeError("US dollars, from 0")
    return value


def _quality(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 100:
        raise argparse.ArgumentTypeError("from 1 to 100")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < 86400:
        raise argparse.ArgumentTypeError("more than 0 seconds and less than a day")
    return value
