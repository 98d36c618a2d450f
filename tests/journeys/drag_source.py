"""A small window of another program: pressing and moving on it drags a file."""

import sys

from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

GIVE_UP_MS = 90_000


class Source(QLabel):
    def __init__(self, path: str) -> None:
        super().__init__("drag me")
        self.path = path

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        del event
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(self.path)])
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)  # the other side may still be reading: stay


def main() -> int:
    application = QApplication(sys.argv)
    source = Source(sys.argv[1])
    source.setWindowTitle("Other program")
    source.setGeometry(int(sys.argv[2]), int(sys.argv[3]), 120, 60)
    source.show()
    QTimer.singleShot(GIVE_UP_MS, application.quit)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
