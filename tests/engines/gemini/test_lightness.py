"""Choosing a model and planning a run load nothing heavy: the window shows before any of it is needed."""

import subprocess
import sys

SCRIPT = """
import sys
from nanodesk.document.geometry import Rect, Size
from nanodesk.engines.base import Outline
from nanodesk.engines.gemini.engine import GeminiEngine
engine = GeminiEngine(lambda: None)
assert engine.info.models
assert engine.plan(("make it red",), Outline(Size(4000, 3000), 2, selected=Rect(1, 2, 3, 4))).cost
heavy = {"google.genai", "httpx2", "pydantic", "cv2", "numpy", "PIL"} & set(sys.modules)
assert not heavy, heavy
"""


def test_the_engine_is_light_until_it_runs():
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
