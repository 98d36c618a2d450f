"""What the Layer menu does with fitted answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.editor.errors import EditorError
from nanodesk.ui.window.deeds.deed import Deeds

if TYPE_CHECKING:
    from nanodesk.document.identity import LayerId


class FitDeeds(Deeds):
    """Each acts on the active layer."""

    def _layer(self) -> LayerId:
        layer = self.page.canvas.active_layer
        if layer is None:
            raise EditorError("Choose a layer first.")
        return layer

    def show_leak(self) -> None:
        """What the layer's answer changed, part by part."""
        self.page.leak.open_for_layer(self._layer())

    def own_picture(self) -> None:
        """All that the model sent, or only what changed."""
        layer, refitting = self._layer(), self.project.refitting
        self.start(refitting.own_picture(layer, on=not refitting.shows_own_picture(layer)))

    def refit(self) -> None:
        """Fit the kept answer to what lies below now."""
        self.start(self.project.refitting.refit(self._layer()))

    def unbake(self) -> None:
        """A layer for each edit."""
        self.start(self.project.refitting.unbake(self._layer()))

    def fit_layer(self) -> None:
        """Take the layer for another tool's answer, and keep only what it changed."""
        self.start(self.project.foreign.fit_layer(self._layer()))

    def rebase(self) -> None:
        """Do the accepted edits anew, in one pass on the original; the answer lies beside what there is."""
        watch = self.page.edits.watch
        run = self.project.wearing.rebase(watch.engine, watch.options)
        self.page.edits.follow_run(run)
