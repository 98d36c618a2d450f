"""A workspace in a folder of its own, and a project with some work in it."""

import numpy as np

from nanodesk.document.operations.layers import rename, set_opacity
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.workspace import Workspace
from nanodesk.engines.base import CandidateOffered, OfferedPicture
from nanodesk.imaging.codec import encode_png
from nanodesk.imaging.painter import flatten
from nanodesk.storage.settings import Settings
from tests.editor.scripted import ScriptedEngine, picture, with_edits


async def brighter(request):
    block = request.base.pixels.copy()
    block[:100, :, 0] += 20
    yield CandidateOffered((OfferedPicture("Brighter", block),))


def workspace(folder):
    return Workspace([ScriptedEngine(brighter)], Settings(folder / "settings.json"), folder / "state" / "recovery")


async def with_work(project):
    await project.place([PictureSource("photo.png", data=encode_png(picture()))])
    with_edits(project.editor, "make it brighter")
    await project.runs.finished(project.runs.submit())
    top = project.editor.document.root[-1]
    project.editor.apply_document("Rename", lambda d: rename(d, top, "Bright"))
    project.editor.apply_document("Opacity", lambda d: set_opacity(d, top, 0.5))
    project.editor.undo()
    project.editor.apply_document("Opacity", lambda d: set_opacity(d, top, 0.7))


def renamed(project, name):
    """One more step: the topmost layer gets another name."""
    top = project.editor.document.root[-1]
    project.editor.apply_document("Rename", lambda d: rename(d, top, name))
    return top


def shown(project) -> np.ndarray:
    return flatten(project.editor.document, project.pixels.tile)


async def saved_and_left_unsaved(folder, name="work.nanodesk"):
    """A project that was saved, with one more change that lies in the recovery file only; the change's state."""
    path = folder / name
    space = workspace(folder)
    project = space.new()
    await with_work(project)
    await project.save_as(path)
    renamed(project, "After the save")
    state, seen = project.editor.state, shown(project)
    await space.shut_down()
    return path, state, seen


def recovery_files(folder):
    return sorted((folder / "state" / "recovery").glob("*.recovery"))
