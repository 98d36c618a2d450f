"""What the worker says of layers is believed only as far as it can be checked."""

from collections.abc import Iterator

import pytest

from nanodesk.formats import errors
from nanodesk.formats.decode_client import DecodeWorker
from nanodesk.formats.limits import DecodeLimits
from nanodesk.formats.picture import Wanted
from tests.formats.layer_files import same, stack, written
from tests.formats.workers import fake_worker, pid_of


@pytest.fixture
def worker() -> Iterator[DecodeWorker]:
    one = DecodeWorker()
    yield one
    one.end()


LAYER = (
    "part = dict(layer='one', size=[2, 1], group=None, place=[0, 0], opacity=1.0, blend_mode='normal', visible=True,"
    " locked=False, mask=None)\n"
    "def layer(**other):\n"
    "    receive(sys.stdin.buffer, 0)\n"
    "    write_all(pixels, memoryview(bytes(8)))\n"
    "    send(out, {**part, **other})\n"
    "write_all(pixels, memoryview(bytes(8)))\n"
    "send(out, good, [b'', b''])\n"
)


@pytest.mark.parametrize(
    "body",
    [
        "layer(size=[2, 2])",
        "layer(size=[1 << 20, 1 << 20])",
        "layer(size=[0, 4])",
        "layer(group=0)",
        "layer()\nlayer(group=0)",
        "layer(group=-1)",
        "layer(blend_mode='dissolve')",
        "layer(opacity=float('nan'))",
        "layer(place=[1 << 40, 0])",
        "layer(mask=dict(size=[1, 1], place=[0, 0], outside=0, enabled=True))",
        "layer(size=[1, 1], mask=dict(size=[4, 1], place=[0, 1 << 40], outside=0, enabled=True))",
        "for _ in range(5): layer()",
        "layer(size=[4, 2])\nlayer(size=[4, 2])",
        "receive(sys.stdin.buffer, 0)\nsend(out, {})",
        "receive(sys.stdin.buffer, 0)\nsend(out, {'end': True}, [b'more'])",
        "sys.exit(0)",
    ],
)
async def test_nonsense_about_layers_is_not_believed(tmp_path, body):
    worker = DecodeWorker(fake_worker(tmp_path, LAYER + body))
    limits = DecodeLimits(max_layers=4, max_layer_pixels=12, seconds=10)
    with pytest.raises(errors.WorkerError, match=r"^“cat” could not be opened.*\.$"):
        await worker.decode(b"x", limits, "cat", Wanted.LAYERS)
    assert worker._child is None
    await worker.close()


async def test_an_error_between_layers_is_told_and_the_process_stays(worker):
    layers = stack()
    data = written("psd", layers)
    picture = await worker.decode(data, wanted=Wanted.LAYERS)
    assert all(same(one, other) for one, other in zip(layers, picture.layers, strict=True))
    first = pid_of(worker)
    with pytest.raises(errors.TooLargeError, match="The layers of “big”"):
        await worker.decode(data, DecodeLimits(max_layer_pixels=3000), "big", Wanted.LAYERS)
    again = await worker.decode(data, wanted=Wanted.LAYERS)
    assert len(again.layers) == len(layers)
    assert pid_of(worker) == first
