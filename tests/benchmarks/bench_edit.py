"""`nanodesk edit` on a 12 megapixel photo against the bare library calls it makes: whole processes."""

import tempfile
from pathlib import Path

import cv2
import numpy as np

from nanodesk.resources import resource_path
from tests.benchmarks.measuring import interleaved, process, table

_WARM = """
import sys, cv2, numpy as np
picture = cv2.imread(sys.argv[1])
curve = np.clip(np.arange(256) * np.array([[0.9], [1.0], [1.1]]), 0, 255).astype(np.uint8).T[None]
cv2.imwrite(sys.argv[2], cv2.LUT(picture, np.ascontiguousarray(curve)), [cv2.IMWRITE_JPEG_QUALITY, 92])
"""
_BLUR = """
import sys, cv2, numpy as np
picture = cv2.imread(sys.argv[1])
height, width = picture.shape[:2]
net = cv2.dnn.readNetFromONNX(sys.argv[3])
net.setInput(cv2.dnn.blobFromImage(picture, 1 / 255, (320, 320), swapRB=True))
mask = net.forward(net.getUnconnectedOutLayersNames()[0])[0, 0]
mask = cv2.resize(mask, (width, height))[..., None]
small = cv2.resize(picture, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), 6), (width, height))
cv2.imwrite(sys.argv[2], (picture * mask + soft * (1 - mask)).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 92])
"""


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    photo, out = folder / "photo.jpg", str(folder / "out.jpg")
    sample = np.asarray(cv2.imread(str(resource_path("samples", "astronaut.jpg"))))
    large = np.asarray(cv2.resize(sample, (4000, 3000), interpolation=cv2.INTER_CUBIC), np.int16)
    large = large + np.random.default_rng(0).normal(0, 4, large.shape).astype(np.int16)
    cv2.imwrite(str(photo), np.clip(large, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 92])
    model = str(resource_path("models", "u2netp.onnx"))
    edit = ("-m", "nanodesk", "edit", str(photo), "-o", out)
    for title, sentence, bare in (
        ("make it warmer", "make it warmer", process("-c", _WARM, str(photo), out)),
        ("blur the background", "blur the background", process("-c", _BLUR, str(photo), out, model)),
    ):
        calls = {f"bare calls: {title}": bare, f"nanodesk edit: {title}": process(*edit, "-e", sentence)}
        table(interleaved(calls, runs=3), f"bare calls: {title}")


if __name__ == "__main__":
    main()
