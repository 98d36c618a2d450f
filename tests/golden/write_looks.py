"""Write the golden pictures of the looks; look at every one of them before they are kept."""

from pathlib import Path

import cv2

from nanodesk.imaging.look import looked, looks
from tests.imaging.test_look import photo

if __name__ == "__main__":
    for name in looks():
        cv2.imwrite(str(Path(__file__).parent / "looks" / f"{name}.png"), looked(photo(), name, 1.0)[..., :3])
