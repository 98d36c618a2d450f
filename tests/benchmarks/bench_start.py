"""From process start to a painted window, against importing QtWidgets and against a bare window."""

import os
import tempfile

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
import os, sys
import nanodesk.__main__
from nanodesk import app
show = app._show
def painted(self, event):
    os._exit(0)
def shown(files):
    class Late:
        def find_spec(self, name, path=None, target=None):
            from importlib.machinery import PathFinder
            if name != "nanodesk.ui.main_window":
                return None
            spec = PathFinder.find_spec(name, path)
            load = spec.loader.exec_module
            def ending_at_the_first_paint(module):
                load(module)
                module.MainWindow.paintEvent = painted
            spec.loader.exec_module = ending_at_the_first_paint
            return spec
    sys.meta_path.insert(0, Late())
    show(files)
app._show = shown
app.main([])
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(XDG_STATE_HOME=folder, XDG_CONFIG_HOME=folder)
        taken = interleaved(
            {
                "import PySide6.QtWidgets": process("-c", "import PySide6.QtWidgets"),
                "a bare window, painted": process("-c", _BARE),
                "the program's window, painted": process("-c", _OURS),
            },
            runs=7,
        )
    table(taken, "a bare window, painted")


if __name__ == "__main__":
    main()
