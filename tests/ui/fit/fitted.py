"""A window with a layer that was fitted from a redrawn answer, and what tests ask of it."""

from nanodesk.imaging.painter import flatten
from tests.editor.scripted import with_edits, with_picture
from tests.editor.test_fitting import coffee
from tests.waiting import until

SLOW_S = 25
"""A fit takes its time on a busy machine."""


def labelled(project, label):
    """When a fit has come to its end."""
    return until(lambda: project.editor.undo_label == label, SLOW_S)


async def fitted_layer(window, *sentences):
    """The photo's layer and the fitted one, which is active."""
    project = window.page.project
    photo = with_picture(project.editor, project.pixels, coffee())
    with_edits(project.editor, *(sentences or ("two balls",)))
    run = await project.runs.finished(project.runs.submit())
    await project.runs.accept_when_ready(run.candidates[0])
    layer = project.editor.document.root[-1]
    window.page.canvas.active_layer = layer
    return photo, layer


def rows(card):
    return list(card.parts.rows)


def seen(project):
    return flatten(project.editor.document, project.pixels.tile)
