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
import os
import nanodesk.__main__
from nanodesk import app
run = app._run
async def ending_at_the_first_paint(application, files):
    from nanodesk.ui.main_window import MainWindow
    MainWindow.paintEvent = lambda window, event: os._exit(0)
    await run(application, files)
app._run = ending_at_the_first_paint
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
