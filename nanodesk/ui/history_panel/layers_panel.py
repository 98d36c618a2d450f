"""The Layers tab: the strip of the active layer's values and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from nanodesk.document.layer import Group
from nanodesk.document.run import RunState
from nanodesk.ui.history_panel.fit_actions import FitActions
from nanodesk.ui.history_panel.layer_actions import LayerActions
from nanodesk.ui.history_panel.layer_header import LayerHeader
from nanodesk.ui.history_panel.layer_menu import fit_menu, layer_menu
from nanodesk.ui.history_panel.layers_list import LayersList
from nanodesk.ui.history_panel.layers_model import LayersModel
from nanodesk.ui.history_panel.opacity import OpacityDrag, OpacityPopup
from nanodesk.ui.history_panel.row_painter import Pictures
from nanodesk.ui.history_panel.rows import LayerRow, RunRow
from nanodesk.ui.history_panel.run_again import sentences_again
from nanodesk.ui.history_panel.run_deeds import RunDeeds
from nanodesk.ui.history_panel.run_menu import run_menu, run_submenu
from nanodesk.ui.history_panel.run_story import story_of
from nanodesk.ui.history_panel.wear_watch import WearWatch
from nanodesk.ui.history_panel.zones import LINKS, Zone, ZoneKind
from nanodesk.ui.references.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QModelIndex

    from nanodesk.document.change import Change
    from nanodesk.document.identity import LayerId
    from nanodesk.editor.project import Project
    from nanodesk.ui.history_panel.rows import Row

_TICK_MS = 500


class LayersPanel(QWidget):
    """One row a layer; `run_deeds` acts on runs, `layer_actions` holds what the window's menus do to the selected ones.

    Signals:
        active_layer_changed: the layer that is worked on is another, or none.
        opacity_dragging: layer and opacity while it is being dragged; `opacity_drag_ended` when it is let go.
    """

    active_layer_changed = Signal(object)
    opacity_dragging = Signal(str, float)
    opacity_drag_ended = Signal(str)

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._active: LayerId | None = None
        self._refreshing = False
        self.layer_actions = LayerActions(project, self.selected_layers)
        self.fit_actions = FitActions(project, self)
        self._thumbnails = Thumbnails(project, self)
        self._opacity = OpacityDrag(project, self)
        self._model = LayersModel(project, self.layer_actions.rename, self)
        pictures = Pictures(self._thumbnails.of_layer, self._thumbnails.of_mask, project.runs.usual_duration_s)
        self.list = LayersList(self._model, pictures)
        self.run_deeds = RunDeeds(project, self._model.folding, self._refresh, self)
        self.header = LayerHeader(self.layer_actions)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.header)
        box.addWidget(self.list, 1)
        self._ticking = QTimer(self)
        self._ticking.setInterval(_TICK_MS)
        self._ticking.timeout.connect(self.list.viewport().update)
        self._wear = WearWatch(project, self)
        self._wear.told.connect(self._wear_told)
        self._connect()
        self._put_old_failures_away()
        self._refresh()
        self.set_active_layer(project.editor.document.root[-1] if project.editor.document.root else None)

    def _connect(self) -> None:
        project = self._project
        self._connections: list[Callable[[], None]] = [
            project.editor.changed.connect(self._changed),
            project.runs.changed.connect(lambda _: self._refresh()),
            project.runs.candidates_changed.connect(lambda: self._refresh()),
            project.keeping.condition.noted.connect(lambda _: self._refresh()),
        ]
        self.list.zone_clicked.connect(self._zone_clicked)
        self.list.key_pressed.connect(self._key_pressed)
        self.list.scrubbed.connect(self._opacity.to)
        self.list.scrub_ended.connect(lambda _: self._opacity.end())
        self.list.dropped.connect(self.layer_actions.place)
        self.list.menu_wanted.connect(self._open_menu)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.header.opacity_wanted.connect(self._open_opacity)
        self._thumbnails.arrived.connect(self.list.viewport().update)
        self._opacity.dragging.connect(self.opacity_dragging)
        self._opacity.ended.connect(self.opacity_drag_ended)

    def close_down(self) -> None:
        """Follow the project no more."""
        for disconnect in self._connections:
            disconnect()
        self._connections.clear()
        self._ticking.stop()
        self._wear.close_down()
        self._thumbnails.close_down()

    def _wear_told(self) -> None:
        self._model.wear = self._wear.words
        self._refresh()

    @property
    def active_layer(self) -> LayerId | None:
        """The layer that is worked on."""
        return self._active

    def selected_layers(self) -> tuple[LayerId, ...]:
        """The selected layers, the active one first, then from the top."""
        layers = self.list.selected_layers()
        if self._active in layers:
            return (self._active, *(layer for layer in layers if layer != self._active))
        return layers or (() if self._active is None else (self._active,))

    def set_active_layer(self, layer_id: LayerId | None) -> None:
        """Select one layer, as when it is picked on the canvas."""
        if self._renaming and layer_id != self._active:
            self.active_layer_changed.emit(self._active)  # whoever follows new layers comes back to this one
            return
        if layer_id is not None and not self._model.index_of(layer_id).isValid():
            self._unfold_around(layer_id)
            self._refresh()
        index = self._model.index_of(layer_id)
        if index.isValid() and layer_id == self._active and self.list.currentIndex() == index:
            return  # told back by who was told; others may be selected along with it
        if not index.isValid():
            layer_id = None
        if self.list.selected_layers() != (layer_id,):
            self._refreshing = True
            self._select(() if layer_id is None else (layer_id,), layer_id)
            self._refreshing = False
        self.list.scrollTo(index)
        self._stand_at(layer_id)

    def _unfold_around(self, layer_id: LayerId) -> None:
        document = self._project.editor.document
        group = document.parent_of(layer_id)
        while group is not None:
            self._model.folding.folded.discard(group)
            group = document.parent_of(group)

    @property
    def _renaming(self) -> bool:
        return self.list.state() == QListView.State.EditingState

    def select_above(self) -> None:
        """Make the layer above the active one."""
        self._select_beside(-1)

    def select_below(self) -> None:
        """Make the layer below the active one."""
        self._select_beside(1)

    def _select_beside(self, by: int) -> None:
        shown = [row.layer.id for row in self._model.rows if isinstance(row, LayerRow)]
        if shown:
            place = shown.index(self._active) + by if self._active in shown else 0
            self.set_active_layer(shown[max(0, min(place, len(shown) - 1))])

    def rename_active(self) -> None:
        """Open the active layer's name for writing."""
        self.list.rename(self._model.index_of(self._active))

    def _put_old_failures_away(self) -> None:
        """Failures of earlier sessions are not news; a run that the end of a session cut off is."""
        self._model.folding.dismissed.update(
            run.id for run in self._project.runs.runs.values() if run.state is RunState.FAILED and run.finished
        )

    def _changed(self, change: Change) -> None:
        fresh = {layer_id for layer_id, pair in change.layers.items() if pair.before is None}
        shown = [layer.id for layer, _ in self._project.editor.document.walk() if layer.id in fresh]
        if shown:
            self._model.folding.unfolded.clear()
            self._model.folding.unfolded.add(shown[0])
        self._refresh(shown[0] if shown else None)

    def _refresh(self, fresh: LayerId | None = None) -> None:
        if self._renaming:
            fresh = None  # a result that comes while a name is written must not take the row away
        selected = self.list.selected_layers()
        place = self._model.index_of(self._active).row()
        self._refreshing = True
        try:
            moved = self._model.refresh()
            if fresh is not None:
                self._select((fresh,), fresh)
            elif moved:
                self._select(selected, self._active)
        finally:
            self._refreshing = False
        active = fresh or self._active
        if not self._model.index_of(active).isValid():
            active = self._nearest(place)
            self._select((), active)
        self._stand_at(active)
        unfolded = [one for one in self._model.rows if isinstance(one, LayerRow) and one.unfolded and one.worn]
        self._wear.want(row.layer.id for row in unfolded)
        waiting = any(isinstance(row, RunRow) and row.run.state.active for row in self._model.rows)
        if waiting != self._ticking.isActive():
            self._ticking.start() if waiting else self._ticking.stop()

    def _select(self, layers: tuple[LayerId, ...], active: LayerId | None) -> None:
        model = self.list.selectionModel()
        model.clearSelection()
        for layer_id in layers:
            model.select(self._model.index_of(layer_id), QItemSelectionModel.SelectionFlag.Select)
        index = self._model.index_of(active)
        if index.isValid():
            # Said in full: the list's own way asks which keys are held, and Ctrl+Enter would toggle.
            model.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.Select)

    def _nearest(self, place: int) -> LayerId | None:
        rows = self._model.rows
        below = [row.layer.id for row in rows[max(0, place) :] if isinstance(row, LayerRow)]
        above = [row.layer.id for row in rows[: max(0, place)] if isinstance(row, LayerRow)]
        return below[0] if below else above[-1] if above else None

    def _current_changed(self, current: QModelIndex) -> None:
        row = self._model.row(current)
        if self._refreshing or not isinstance(row, LayerRow):
            return
        self._stand_at(row.layer.id)
        if row.from_run and not row.unfolded and not isinstance(row.layer.content, Group):
            self._model.folding.unfolded.add(row.layer.id)
            QTimer.singleShot(0, self, self._refresh)

    def _stand_at(self, layer_id: LayerId | None) -> None:
        self.header.show_layer(self._project.editor.document.layers.get(layer_id) if layer_id else None)
        if layer_id != self._active:
            self._active = layer_id
            self.active_layer_changed.emit(layer_id)

    def _unfold(self, row: LayerRow) -> None:
        folding = self._model.folding
        chosen = folding.folded if isinstance(row.layer.content, Group) else folding.unfolded
        chosen.symmetric_difference_update({row.layer.id})
        self._refresh()

    def _zone_clicked(self, row: Row, zone: Zone, shift: bool) -> None:
        if isinstance(row, RunRow):
            self.run_deeds.do(row.run, zone)
            return
        layer = row.layer
        match zone.kind:
            case ZoneKind.TICK:
                self.layer_actions.toggle_reference(layer.id)
            case ZoneKind.EYE:
                self.layer_actions.show(not layer.visible, layer.id)
            case ZoneKind.LOCK:
                self.layer_actions.lock(not layer.locked, layer.id)
            case ZoneKind.DISCLOSURE:
                self._unfold(row)
            case ZoneKind.OPACITY:
                place = self.list.zone_rect(self._model.index_of(layer.id).row(), ZoneKind.OPACITY)
                self._open_opacity(self.list.viewport().mapToGlobal(place.bottomRight()), layer.id)
            case ZoneKind.MASK if shift:
                self.set_active_layer(layer.id)
                self.layer_actions.toggle_mask()
            case _:
                self._link_clicked(row, zone)

    def _link_clicked(self, row: LayerRow, zone: Zone) -> None:
        provenance = row.layer.provenance
        if zone.kind is ZoneKind.CHANGED:
            self.fit_actions.show_changed(row.layer.id)
        elif zone.kind is ZoneKind.REFIT:
            self.fit_actions.refit(row.layer.id)
        elif zone.kind in (ZoneKind.REVERT, ZoneKind.BRANCH):
            run = None if provenance is None else provenance.run
            self.run_deeds.walk(run, branch=zone.kind is ZoneKind.BRANCH)
        elif row.run is not None and zone.kind in LINKS:
            self.run_deeds.do(row.run, zone)
        elif zone.kind is ZoneKind.RUN_AGAIN and provenance is not None:
            sentences_again(self._project, provenance, zone.place)

    def _key_pressed(self, row: Row, key: int, text: str) -> None:
        delete = key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if isinstance(row, RunRow):
            if not text.isdecimal():
                self.run_deeds.press(row, key)
        elif delete:
            self.layer_actions.remove()
        elif key == Qt.Key.Key_Space:
            self.layer_actions.toggle_visible()
        elif key == Qt.Key.Key_F2:
            self.rename_active()
        elif enter or key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            if enter or row.unfolded == (key == Qt.Key.Key_Left):
                self._unfold(row)
        elif text.isdecimal():
            self.layer_actions.set_opacity((int(text) or 10) / 10)

    def _open_opacity(self, right: QPoint, layer_id: LayerId | None = None) -> None:
        wanted = layer_id or self._active
        if wanted is not None:
            OpacityPopup(self._project, wanted, self._opacity, self).show_at(right)

    def _open_menu(self, place: QPoint) -> None:
        row = self._model.row(self.list.currentIndex())
        if isinstance(row, RunRow):
            run_menu(self, row, self.run_deeds).popup(place)
        elif isinstance(row, LayerRow):
            menu = layer_menu(self, row, self.layer_actions, self.rename_active, lambda: self._unfold(row))
            if row.run is not None:
                told = RunRow(story_of(self._project, row.run), words=row.words, stays=True)
                run_submenu(menu, told, self.run_deeds)
            if row.fitted:
                fit_menu(menu, row, self.fit_actions)
            menu.popup(place)
