"""The fit's figures after the whole path: fitted, accepted, saved, opened again, exported as a picture."""

from dataclasses import replace

import numpy as np
import pytest

from nanodesk.document.geometry import Rect
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.workspace import Workspace
from nanodesk.engines.base import CandidateOffered, EncodedPicture, OfferedPicture
from nanodesk.imaging.codec import decode_plain, encode_png
from nanodesk.imaging.painter import flatten
from nanodesk.storage.settings import Settings
from tests.editor.scripted import ScriptedEngine, with_edits
from tests.fit_cases.cases import covering, made
from tests.fit_cases.report import judged
from tests.fit_cases.scoring import score

KINDS = ("object in", "recolour", "background")


def workspace(folder, answer):
    async def answering(request):
        height, width = request.base.pixels.shape[:2]
        frame = Rect(0, 0, width, height)
        sent = EncodedPicture(encode_png(answer), "image/png")
        yield CandidateOffered((OfferedPicture("", sent, frame=frame, clip=frame),))

    engine = ScriptedEngine(answering, engine_id="gemini", generative=True)
    return Workspace([engine], Settings(folder / "settings.json"), folder / "recovery")


def shown_mask(project):
    """How much of the answer's layer is seen, over the whole document, 0 to 255."""
    document = project.editor.document
    top = document.root[-1]
    alone = replace(document, root=(top,), layers={top: document.layer(top)})
    return flatten(alone, project.pixels.tile)[:, :, 3]


@pytest.mark.parametrize("kind", KINDS)
async def test_outside_the_mask_the_exported_file_is_the_photo(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(Settings, "consented", lambda *_: True)
    recipe = next(one for one in covering() if one.kind == kind and one.name == "coffee")
    case = made(recipe, edge=720)
    space = workspace(tmp_path, case.answer)
    project = space.new()
    await project.place([PictureSource("photo.png", data=encode_png(case.base))])
    with_edits(project.editor, "change it")
    run = await project.runs.finished(project.runs.submit())
    await project.runs.accept_when_ready(run.candidates[0])
    await project.save_as(tmp_path / "work.nanodesk")
    await space.shut_down()

    space = workspace(tmp_path, case.answer)
    project = await space.open(tmp_path / "work.nanodesk")
    await project.export(tmp_path / "seen.png")
    mask = shown_mask(project)
    await space.shut_down()

    exported = decode_plain((tmp_path / "seen.png").read_bytes())
    found, direct = score(case, kind, mask, exported, None), judged(case)[1]
    assert found.identical == 1.0
    assert found.recall == pytest.approx(direct.recall, abs=0.01)
    assert found.iou == pytest.approx(direct.iou, abs=0.02)
    assert found.spill == pytest.approx(direct.spill, abs=0.001)
    assert np.any(exported != case.base)
