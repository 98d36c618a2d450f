"""What the Layer menu does with fitted answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nanodesk.editor.errors import EditorError
from nanodesk.editor.notice import Notice
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.window.deeds.deed import Deeds

if TYPE_CHECKING:
    from collections.abc import Awaitable

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
        layer = self._layer()
        self._start_slow(f"Refitting “{self._name(layer)}” …", self.project.refitting.refit(layer))

    def unbake(self) -> None:
        """A layer for each edit, or for each part."""
        self.start(self.project.refitting.unbake(self._layer()))

    def fit_layer(self) -> None:
        """Take the layer for another tool's answer, and keep only what it changed; then show what that is.

        With two layers selected the upper one is fitted to the lower, whatever else there is.
        """
        page = self.page
        layer, onto = self._pair()

        async def fitted() -> None:
            await page.project.foreign.fit_layer(layer, onto)
            if not page.closed and layer in page.project.editor.document.layers:
                page.leak.open_for_layer(layer)

        below = "what lies below" if onto is None else f"“{self._name(onto)}”"
        self._start_slow(f"Fitting “{self._name(layer)}” to {below} …", fitted())

    def _pair(self) -> tuple[LayerId, LayerId | None]:
        """The layer to be fitted, and the one it is to be fitted to where just two are selected."""
        selected = self.page.layered.layers.selected_layers()
        if len(selected) != 2:
            return self._layer(), None
        upper, lower = [layer.id for layer, _ in self.project.editor.document.walk() if layer.id in selected]
        return upper, lower

    def _name(self, layer: LayerId) -> str:
        return plain(self.project.editor.document.layer(layer).name)

    def _start_slow(self, words: str, work: Awaitable[object]) -> None:
        """Do what may take seconds, and say so as long as it does."""
        page = self.page

        async def told() -> None:
            page.notices.show_notice(Notice(words, lasting=True))
            try:
                await work
            finally:
                if not page.closed:
                    page.notices.withdraw(words)

        self.start(told())

    def rebase(self) -> None:
        """Show which accepted edits would be done anew on the original, and what that costs."""
        watch = self.page.edits.watch
        self.page.rebase.ask(watch.engine, watch.options)
