"""One project opened for one command, and closed whatever happens."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from nanodesk.cli.errors import UsageError
from nanodesk.cli.output import harmless
from nanodesk.document.identity import EditId, LayerId, StepId, new_id
from nanodesk.document.operations.edits import add_edit, clear_edits
from nanodesk.document.run import RunOptions
from nanodesk.document.selection import MaskSelection, Selection
from nanodesk.editor.engine_list import AUTO
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.workspace import Workspace, is_project

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator
    from pathlib import Path

    from nanodesk.document.document import Document
    from nanodesk.document.state import State
    from nanodesk.editor.notice import Notice
    from nanodesk.editor.project import Project


@asynccontextmanager
async def opened(
    path: Path | None, *, read_only: bool = False, engine: str = "", anyway: bool = False
) -> AsyncIterator[Project]:
    """A project, or a picture as a new project, ready for runs of that engine.

    Nothing is kept for recovery but what a run has brought and no file has got: that is paid for, and the window offers
    it at its next start.

    Args:
        anyway: open a picture although it is very large, or its end is missing.
    """
    workspace = Workspace.headless()
    workspace.opened.connect(lambda project: project.notices.connect(_say))
    if path is not None and not is_project(path):
        workspace.expect_pictures()
    try:
        await allow(workspace, engine)
        if path is None:
            project = workspace.new()
        else:
            project = await workspace.open(path, read_only=read_only, source=_source(path, anyway))
        project.runs.waits_for_ceilings = False
        before = set(project.runs.journal.entries)
        try:
            yield project
        except BaseException:
            sent = set(project.runs.journal.entries) != before
            await workspace.close(project, discard=_done_with(project, sent=sent))
            raise
        await workspace.close(project, discard=True)
    finally:
        await workspace.shut_down()


def _done_with(project: Project, *, sent: bool) -> bool:
    """Whether nothing of a command that failed has to be kept for the window.

    A project's own file takes in by itself what was sent and what came back, and nothing when nothing was sent.
    """
    if project.path is not None and not project.read_only:
        return sent
    return not answers_of(project)


async def allow(workspace: Workspace, engine: str) -> None:
    """Naming an engine is consent for this command; the key of one that may be used is looked for."""
    accounts = workspace.accounts
    for info in workspace.engines.infos():
        if not info.sends:
            continue
        if info.id == engine:
            accounts.consent(info.id, for_now=True)
        if info.needs_key and engine in (info.id, AUTO) and accounts.consented(info.id):
            await accounts.load(info.id, only_where_kept=engine == AUTO)


def answers_of(project: Project) -> int:
    """How many pictures have come from elsewhere that are in no file yet."""
    sent = {run for run, _ in project.runs.journal.entries}
    return sum(candidate.run in sent for candidate in project.runs.candidates.values()) if project.modified else 0


def _source(path: Path, anyway: bool) -> PictureSource:
    return PictureSource(path.name, path, anyway=anyway, cut_off=anyway)


def _say(notice: Notice) -> None:
    """What was converted on purpose is said on standard error, beside the answer."""
    sys.stderr.write(f"{harmless(notice.message)}\n")


async def prepare(project: Project, arguments: argparse.Namespace) -> None:
    """Put the edits, references and mask of the command line into the project's own stack and tray.

    Raises:
        UsageError: when there is no edit.
        IntakeError: when a picture cannot be read.
    """
    sentences = [sentence for sentence in arguments.edit if sentence.strip()]
    if not sentences and not (is_project(arguments.input) and project.editor.state.edit_stack.enabled):
        raise UsageError("There is no edit to run: give at least one with -e “…”.")
    if arguments.reference:
        await project.add_references([_source(path, arguments.anyway) for path in arguments.reference])
    selection = None if arguments.mask is None else await _selection(project, arguments.mask)
    if sentences:
        project.editor.apply("Edits from the command line", lambda state: _stacked(state, sentences, selection))


def options_of(arguments: argparse.Namespace) -> RunOptions:
    """What was chosen with Run."""
    fit = not getattr(arguments, "no_fit", False)
    return RunOptions(arguments.model, arguments.candidates, fit=fit, size=arguments.size)


def _stacked(state: State, sentences: list[str], selection: Selection | None) -> State:
    state = clear_edits(state)
    for sentence in sentences:
        state = add_edit(state, EditId(new_id()), sentence, selection=selection)
    return state


async def _selection(project: Project, path: Path) -> Selection:
    grid = await project.mask_picture(PictureSource(path.name, path))
    return Selection(MaskSelection(grid))


def find_step(project: Project, text: str) -> StepId:
    """A step by its id, the first characters of it, or its number in `show`.

    Raises:
        UsageError: when none or several fit.
    """
    steps = tuple(project.editor.history.steps)
    if text.isdecimal() and 1 <= int(text) <= len(steps):
        return steps[int(text) - 1]
    found = [step for step in steps if step.startswith(text)]
    if len(found) != 1:
        which = "several steps" if found else "no step"
        raise UsageError(f"There is {which} “{text}”; `nanodesk show` lists them.")
    return found[0]


def find_layer(document: Document, text: str) -> LayerId:
    """A layer by its id, the first characters of it, or its name.

    Raises:
        UsageError: when none or several fit.
    """
    named = [layer.id for layer in document.layers.values() if layer.name == text]
    found = named or [layer_id for layer_id in document.layers if layer_id.startswith(text)]
    if len(found) != 1:
        which = "several layers" if found else "no layer"
        raise UsageError(f"There is {which} “{text}”; `nanodesk show` lists them.")
    return found[0]
