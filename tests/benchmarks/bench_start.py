"""From process start to a painted window, against importing QtWidgets and against a bare window."""

from tests.benchmarks.measuring import interleaved, process, table

_BARE = """
import os
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        os._exit(0)
application = QApplication([])
window = Window()
window.resize(1440, 900)
window.show()
application.exec()
"""
_OURS = """
import os, tempfile
folder = tempfile.mkdtemp()
os.environ.update(XDG_STATE_HOME=folder, XDG_CONFIG_HOME=folder)
import nanodesk.cli.arguments
from nanodesk import app
from nanodesk.ui import main_window
class Window(main_window.MainWindow):
    def paintEvent(self, event):
        os._exit(0)
main_window.MainWindow = Window
app.main([])
"""


def main() -> None:
    taken = interleaved(
        {
            "import PySide6.QtWidgets": process("-c", "import PySide6.QtWidgets"),
            "a bare window, painted": process("-c", _BARE),
            "the program's window, painted": process("-c", _OURS),
        },
        runs=7,
    )
    table(taken, "import PySide6.QtWidgets")


if __name__ == "__main__":
    main()
