"""The pictures that the next run sends along, in sending order, and the well that takes more."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QWidget

from nanodesk.document.edit import Role
from nanodesk.document.mentions import mentioned_layers
from nanodesk.document.operations.references import (
    enable_reference,
    remove_reference,
    reorder_reference,
    set_role,
    tick_layer,
)
from nanodesk.editor.intake import PictureSource
from nanodesk.editor.notice import NoticeKind
from nanodesk.ui import theme
from nanodesk.ui.drop import Kind, glimpse, intake
from nanodesk.ui.history_panel.attempt import change_state, say, start
from nanodesk.ui.history_panel.words import plain
from nanodesk.ui.references.flow_layout import FlowLayout
from nanodesk.ui.references.marks import icon_of
from nanodesk.ui.references.well import HEIGHT, Well

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPixmap

    from nanodesk.document.edit import Reference
    from nanodesk.document.identity import LayerId, ReferenceId
    from nanodesk.editor.project import Project
    from nanodesk.ui.references.thumbnails import Thumbnails

BY_NAME = "sent because an edit names it"
_SETTLE_MS = 200
_PICTURES = "Pictures (*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.avif)"


class ReferencesStrip(QWidget):
    """Base, references and the dashed well; drag, keys and menus act on the tray, each an undoable step."""

    def __init__(self, project: Project, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._project = project
        self._thumbnails = thumbnails
        self._wells: dict[ReferenceId, Well] = {}
        self._named: dict[LayerId, Well] = {}
        self._order: list[ReferenceId] = []
        self._gap = -1
        self._document_version = 0
        self._base_picture: QPixmap | None = None
        # While something is dragged the document changes many times a second; its small picture follows in a breath.
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLE_MS)
        self._settling.timeout.connect(self._document_settled)
        self.chooser: QFileDialog | None = None
        self.base = Well(movable=False)
        self.base.setAccessibleName("Base: everything visible")
        self.base.setToolTip("Base: everything visible, flattened, as it is when you press Run")
        self.add = Well(movable=False, dashed=True)
        self.add.setText("Reference")
        self.add.setAccessibleName("Add a reference")
        self.add.setToolTip("Add a picture that guides the edits; it becomes no layer")
        self._flow = FlowLayout(self, gap=8, line_gap=6)
        self._flow.addWidget(self.base)
        self._flow.addWidget(self.add)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAcceptDrops(True)
        self.add.clicked.connect(self.choose_files)
        thumbnails.arrived.connect(self._show_pictures)
        self.show_state(document_changed=True)

    def close_down(self) -> None:
        """Follow the document no more."""
        self._settling.stop()

    @property
    def wells(self) -> list[Well]:
        """The references' wells, in sending order."""
        return [self._wells[one] for one in self._order]

    @property
    def named(self) -> list[Well]:
        """The wells of layers that are sent only because an edit names them with @, in sending order."""
        return list(self._named.values())

    def show_state(self, *, document_changed: bool) -> None:
        """Show the tray as it is now."""
        state = self._project.editor.state
        if document_changed:
            self._settling.start()
        order = [reference.id for reference in state.tray]
        for gone in set(self._wells) - set(order):
            self._let_go(self._wells.pop(gone))
        for reference in state.tray:
            if reference.id not in self._wells:
                self._wells[reference.id] = self._make(reference.id)
        self._order = order
        self._show_named()
        self._flow.arrange([self.base, *self.wells, *self.named, self.add])
        self.base.setVisible(not state.document.size.empty)
        self._show_pictures()
        self.updateGeometry()

    def _show_named(self) -> None:
        state = self._project.editor.state
        named = [layer for layer in mentioned_layers(state) if state.tray.of_layer(layer) is None]
        for gone in set(self._named) - set(named):
            self._let_go(self._named.pop(gone))
        self._named = {layer: self._named.get(layer) or self._make_named(layer) for layer in named}

    def _make_named(self, layer_id: LayerId) -> Well:
        well = Well(movable=False)
        self._flow.addWidget(well)
        well.show()
        well.clicked.connect(lambda: self._open_named_menu(layer_id))
        return well

    def _let_go(self, well: Well) -> None:
        self._flow.removeWidget(well)
        well.hide()
        well.deleteLater()

    def _make(self, reference_id: ReferenceId) -> Well:
        well = Well(movable=True)
        self._flow.addWidget(well)
        well.show()
        well.clicked.connect(lambda: self._open_menu(reference_id))
        well.pulled.connect(lambda point: self._pull(point))
        well.dropped.connect(lambda: self._drop(reference_id))
        return well

    def _show_pictures(self) -> None:
        state = self._project.editor.state
        if not state.document.size.empty:
            newest = self._thumbnails.of_document(str(self._document_version)) if self._document_version else None
            self._base_picture = newest or self._base_picture
            self.base.show_picture(self._base_picture, "1 Base")
        mentioned = set(mentioned_layers(state))
        for place, reference in enumerate(state.tray):
            well = self._wells.get(reference.id)
            if well is None:
                continue
            role = "Ref" if reference.role is Role.OTHER else reference.role.value.capitalize()
            sent = reference.enabled or reference.layer in mentioned
            well.show_picture(self._picture(reference), f"{place + 2} {role}", dim=not sent, icon=self._icon(reference))
            state_word = (
                "" if reference.enabled else f", switched off{', sent because an edit names it' if sent else ''}"
            )
            told = f"{self._name(reference)} · {reference.role.value}{state_word}"
            well.setToolTip(f"<qt>{html.escape(told)}</qt>")
            well.setAccessibleName(f"Reference {place + 2}: {self._name(reference)}, {role.lower()}{state_word}")
        for place, (layer_id, well) in enumerate(self._named.items(), len(state.tray) + 2):
            layer = state.document.layers.get(layer_id)
            if layer is None:
                continue
            name = plain(layer.name)
            well.show_picture(self._thumbnails.of_layer(layer), f"{place} @{name}", icon=icon_of(layer))
            well.setToolTip(f"<qt>{html.escape(f'{name} · {BY_NAME}')}</qt>")
            well.setAccessibleName(f"Reference {place}: {name}, {BY_NAME}")

    def _document_settled(self) -> None:
        self._document_version += 1
        self._show_pictures()

    def _picture(self, reference: Reference) -> QPixmap | None:
        if reference.picture is not None:
            return self._thumbnails.of_grid(reference.picture)
        layer = self._project.editor.document.layers.get(reference.layer) if reference.layer is not None else None
        return None if layer is None else self._thumbnails.of_layer(layer)

    def _icon(self, reference: Reference) -> str:
        layer = self._project.editor.document.layers.get(reference.layer) if reference.layer is not None else None
        return "" if layer is None else icon_of(layer)

    def _name(self, reference: Reference) -> str:
        layer = self._project.editor.document.layers.get(reference.layer) if reference.layer is not None else None
        return plain(reference.name if layer is None else layer.name)

    def _reference(self, reference_id: ReferenceId) -> Reference | None:
        return next((one for one in self._project.editor.state.tray if one.id == reference_id), None)

    def _open_menu(self, reference_id: ReferenceId) -> None:
        reference = self._reference(reference_id)
        if reference is not None:
            self.menu_of(reference).popup(self._wells[reference_id].mapToGlobal(QPoint(0, HEIGHT + 2)))

    def menu_of(self, reference: Reference) -> QMenu:
        """The roles, and what can be done with a reference."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._name(reference).replace("&", "&&")).setEnabled(False)
        for role in Role:
            action = menu.addAction("No particular role" if role is Role.OTHER else role.value.capitalize())
            action.setCheckable(True)
            action.setChecked(reference.role is role)
            action.triggered.connect(lambda _=False, role=role: self._set_role(reference.id, role))
        menu.addSeparator()
        on = reference.enabled
        menu.addAction("Switch off" if on else "Switch on").triggered.connect(
            lambda: self._enable(reference.id, not on)
        )
        place = self._order.index(reference.id)
        menu.addAction("Send earlier").triggered.connect(lambda: self._reorder(reference.id, max(0, place - 1)))
        menu.addAction("Send later").triggered.connect(lambda: self._reorder(reference.id, place + 1))
        menu.addSeparator()
        menu.addAction("Remove").triggered.connect(lambda: self._remove(reference.id))
        return menu

    def _open_named_menu(self, layer_id: LayerId) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = plain(self._project.editor.document.layers[layer_id].name)
        menu.addAction(f"{name} · an edit names it".replace("&", "&&")).setEnabled(False)
        menu.addSeparator()
        menu.addAction("Keep as a reference").triggered.connect(lambda: self._tick(layer_id))
        menu.popup(self._named[layer_id].mapToGlobal(QPoint(0, HEIGHT + 2)))

    def _tick(self, layer_id: LayerId) -> None:
        change_state(self._project, "Send along", lambda state: tick_layer(state, layer_id))

    def _set_role(self, reference_id: ReferenceId, role: Role) -> None:
        change_state(self._project, "Reference role", lambda state: set_role(state, reference_id, role))

    def _enable(self, reference_id: ReferenceId, enabled: bool) -> None:
        label = "Switch reference on" if enabled else "Switch reference off"
        change_state(self._project, label, lambda state: enable_reference(state, reference_id, enabled))

    def _reorder(self, reference_id: ReferenceId, place: int) -> None:
        change_state(self._project, "Move reference", lambda state: reorder_reference(state, reference_id, place))

    def _remove(self, reference_id: ReferenceId) -> None:
        step = change_state(self._project, "Remove reference", lambda state: remove_reference(state, reference_id))
        if step is not None:
            say(self._project, "Removed a reference", NoticeKind.INFO, undo=True)

    def _pull(self, point: QPoint) -> None:
        at = self.mapFromGlobal(point)
        self._gap = sum(1 for well in self.wells if _before(well, at))
        self.update()

    def _drop(self, reference_id: ReferenceId) -> None:
        gap, self._gap = self._gap, -1
        self.update()
        if gap >= 0:
            place = self._order.index(reference_id)
            self._reorder(reference_id, gap - 1 if gap > place else gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._gap < 0 or not self._order:
            return
        wells = self.wells
        last = self._gap >= len(wells)
        rect = wells[-1 if last else self._gap].geometry()
        x = rect.right() + 5 if last else rect.left() - 4
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colours().accent)
        painter.drawRoundedRect(QRectF(max(0, x - 1), rect.top(), 2, HEIGHT), 1, 1)
        painter.end()

    def choose_files(self) -> None:
        """Ask for picture files; what is chosen goes into the tray."""
        chooser = QFileDialog(self, "Add references", "", _PICTURES)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.filesSelected.connect(self._chosen)
        self.chooser = chooser
        chooser.open()

    def _chosen(self, names: Sequence[str]) -> None:
        self.add_sources([PictureSource(Path(name).name, Path(name)) for name in names])

    def add_sources(self, sources: Sequence[PictureSource]) -> None:
        """Take pictures into the tray."""
        if sources:
            start(self._project, self._project.add_references(sources))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if glimpse(event.mimeData()).kind is Kind.PICTURES:
            self.add.light(True)
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.add.light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.add.light(False)
        found = intake(event.mimeData())
        if found.message:
            say(self._project, found.message)
        self.add_sources(found.sources())
        event.acceptProposedAction()


def _before(well: Well, at: QPoint) -> bool:
    rect = well.geometry()
    return rect.bottom() < at.y() or (rect.top() <= at.y() and rect.center().x() < at.x())
