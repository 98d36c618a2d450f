"""The program with an engine that answers by itself, three pictures at a time: python offering_program.py FILE."""

import sys
from pathlib import Path

from nanodesk.app import main
from nanodesk.editor.workspace import Workspace, state_folder
from nanodesk.storage.settings import Settings
from tests.ui.candidates.offering import OfferingEngine


def desktop() -> Workspace:
    engine = OfferingEngine()
    engine.captions = ("Morning", "Noon", "Night")
    engine.let(100)
    settings = Settings.load()
    settings.consent(engine.info.id)
    return Workspace([engine], settings, state_folder() / "recovery")


if __name__ == "__main__":
    Workspace.for_desktop = staticmethod(desktop)  # type: ignore[method-assign]  # another workspace for the same window
    sys.exit(main([Path(one) for one in sys.argv[1:]]))
