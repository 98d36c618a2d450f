"""The worker process: warm, replaced when it dies, killed when it is late or no longer wanted, and told nothing."""

import asyncio
import dataclasses
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import nanodesk
from nanodesk.formats import child, decode_worker, errors
from nanodesk.formats.decode import decode
from nanodesk.formats.decode_client import DecodeWorker
from nanodesk.formats.limits import DecodeLimits
from tests.formats import samples
from tests.formats.workers import fake_worker, pid_of
from tests.waiting import until

CANARY = "AIzaCanaryCanaryCanary"


@pytest.fixture
def worker() -> Iterator[DecodeWorker]:
    one = DecodeWorker()
    yield one
    one.end()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_a_picture_is_the_same_as_decoded_here(worker):
    data = samples.saved(
        samples.picture(300, 200), "JPEG", icc_profile=samples.rgb_profile(), dpi=(300, 300), exif=samples.exif(6)
    )
    there, here = await worker.decode(data), decode(data)
    assert (there.pixels == here.pixels).all()
    assert there.pixels.flags.c_contiguous
    assert there.pixels.flags.writeable
    for name in ("profile", "dpi", "notes", "format", "mode", "bits", "orientation", "exif"):
        assert getattr(there, name) == getattr(here, name)


async def test_one_process_serves_many_pictures(worker):
    sizes = [(64, 48), (200, 100), (10, 10), (1, 1)]
    pictures = [samples.picture(*size) for size in sizes]
    every = await asyncio.gather(*(worker.decode(samples.saved(picture, "PNG")) for picture in pictures))
    first = pid_of(worker)
    for decoded, picture in zip(every, pictures, strict=True):
        assert (decoded.pixels == samples.bgra(picture)).all()
    await worker.decode(samples.saved(samples.picture(), "PNG"))
    assert pid_of(worker) == first


async def test_errors_come_through_with_their_kind_and_the_process_stays(worker):
    good = samples.saved(samples.picture(), "PNG")
    await worker.decode(good)
    first = pid_of(worker)
    for data, kind in (
        (b"", errors.NotAPictureError),
        (b"<svg>", errors.UnsupportedFormatError),
        (good[:200], errors.CutOffError),
        (good[:80] + bytes([good[80] ^ 1]) + good[81:], errors.DamagedPictureError),
    ):
        with pytest.raises(kind, match=r"^“odd” .*\.$"):
            await worker.decode(data, name="odd")
    with pytest.raises(errors.TooLargeError) as caught:
        await worker.decode(samples.png((60_000, 60_000, 8, 2), b""))
    assert caught.value.size == (60_000, 60_000)
    assert pid_of(worker) == first


async def test_limits_travel_along(worker):
    data = samples.saved(samples.picture(160, 160), "PNG")
    with pytest.raises(errors.TooLargeError):
        await worker.decode(data, DecodeLimits(max_pixels=100))
    part = await worker.decode(data[: len(data) // 2], DecodeLimits().cut_off())
    assert "cut off" in part.notes[0]


async def test_a_killed_process_is_replaced(worker):
    data = samples.saved(samples.picture(), "PNG")
    await worker.decode(data)
    first = pid_of(worker)
    os.kill(first, 9)
    assert (await worker.decode(data)).width == 64
    assert pid_of(worker) != first


async def test_a_process_that_dies_over_a_picture_costs_only_that_picture(tmp_path):
    crash = "if parts[0] == b'bad': os.kill(os.getpid(), 11)\n"
    answer = (
        "write_all(pixels, memoryview(bytes(8)))\nsend(out, good, [b'', b''])\n"
        "receive(sys.stdin.buffer, 0)\nsend(out, {'end': True})"
    )
    worker = DecodeWorker(fake_worker(tmp_path, crash + answer))
    assert (await worker.decode(b"good")).width == 2
    with pytest.raises(errors.WorkerError, match=r"^“cat” could not be opened.*\.$"):
        await worker.decode(b"bad", name="cat")
    assert (await worker.decode(b"good")).width == 2
    await worker.close()


async def test_a_process_that_takes_too_long_is_killed(tmp_path):
    worker = DecodeWorker(fake_worker(tmp_path, "time.sleep(60)"))
    began = time.monotonic()
    pending = asyncio.ensure_future(worker.decode(b"slow", DecodeLimits(seconds=1), "slow"))
    await asyncio.sleep(0.5)
    pid = pid_of(worker)
    with pytest.raises(errors.WorkerError, match="“slow” took longer than 1 seconds"):
        await pending
    assert time.monotonic() - began < 10
    assert gone(pid)
    await worker.close()


async def test_a_process_that_does_not_even_listen_is_killed(tmp_path):
    worker = DecodeWorker([sys.executable, "-c", "import time; time.sleep(60)"])
    with pytest.raises(errors.WorkerError, match="took longer"):
        await worker.decode(bytes(5_000_000), DecodeLimits(seconds=0.5))
    await worker.close()


async def test_cancelling_kills_the_process_at_once(tmp_path):
    worker = DecodeWorker(fake_worker(tmp_path, "time.sleep(60)"))
    pending = asyncio.ensure_future(worker.decode(b"slow"))
    await until(lambda: worker._child is not None)
    await asyncio.sleep(0.2)
    pid = pid_of(worker)
    began = time.monotonic()
    pending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pending
    assert time.monotonic() - began < 1
    await worker.close()
    assert gone(pid)


async def test_cancelling_one_that_waits_leaves_the_other_alone(worker):
    data = samples.saved(Image.new("RGB", (2000, 1000)), "PNG")
    first = asyncio.ensure_future(worker.decode(data))
    second = asyncio.ensure_future(worker.decode(data))
    await asyncio.sleep(0)
    second.cancel()
    assert (await first).width == 2000
    with pytest.raises(asyncio.CancelledError):
        await second


@pytest.mark.parametrize(
    "body",
    [
        "out.write(b'hello, this is no answer at all'); out.flush()",
        "send(out, good, [b'', b''])",
        "send(out, dict(good, width=100000, height=100000), [b'', b''])",
        "send(out, dict(good, width=-2), [b'', b''])",
        "send(out, dict(good, width=True, height='x'), [b'', b''])",
        "send(out, {'error': 'SystemExit', 'message': 'x'})",
        "send(out, {})",
        "send(out, good, [])",
        "out.write((1 << 60).to_bytes(8, 'little')); out.flush()",
        "text = json.dumps(dict(good, parts=[1 << 50])).encode()\n"
        "out.write(len(text).to_bytes(8, 'little') + text); out.flush()",
        "write_all(pixels, memoryview(bytes(9)))\nsend(out, good, [b'', b''])",
        "sys.exit(0)",
    ],
)
async def test_nonsense_from_the_process_is_not_believed(tmp_path, body):
    worker = DecodeWorker(fake_worker(tmp_path, body))
    with pytest.raises(errors.WorkerError, match=r"^“cat” could not be opened.*\.$"):
        await worker.decode(b"x", DecodeLimits(seconds=10), "cat")
    assert worker._child is None
    await worker.close()


async def test_the_process_sees_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", CANARY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CANARY)
    monkeypatch.setenv("HOME", f"/home/{CANARY}")
    worker = DecodeWorker()
    await worker.decode(samples.saved(samples.picture(), "PNG"))
    if sys.platform == "linux":
        place = Path(f"/proc/{pid_of(worker)}")
        assert CANARY.encode() not in (place / "environ").read_bytes() + (place / "cmdline").read_bytes()
    await worker.close()
    assert CANARY not in str(child.environment())
    assert set(child.environment()) <= {*child._KEPT, *child._FRUGAL, "PYTHONPATH"}


async def test_a_module_in_the_present_folder_is_not_run(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit")
    (tmp_path / "numpy.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    worker = DecodeWorker()
    assert (await worker.decode(samples.saved(samples.picture(), "PNG"))).width == 64
    await worker.close()


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited this way on Linux")
async def test_memory_is_limited(worker):
    rows = bytes(1 + 13_000 // 8) * 13_000
    large = samples.png((13_000, 13_000, 1, 0), rows)  # 20 kB that become 676 MB
    with pytest.raises(errors.TooLargeError, match="more memory"):
        await worker.decode(large, DecodeLimits(memory_bytes=700 << 20))
    assert (await worker.decode(samples.saved(samples.picture(), "PNG"))).width == 64


async def test_closing_ends_the_process_even_in_the_middle(tmp_path):
    worker = DecodeWorker(fake_worker(tmp_path, "time.sleep(60)"))
    pending = asyncio.ensure_future(worker.decode(b"slow"))
    await until(lambda: worker._child is not None)
    pid = pid_of(worker)
    await worker.close()
    await worker.close()
    with pytest.raises(errors.WorkerError, match="closing"):
        await pending
    assert gone(pid)


def test_without_a_loop():
    worker = DecodeWorker()
    worker.start()
    image = samples.picture()
    assert (worker.decode_now(samples.saved(image, "PNG")).pixels == samples.bgra(image)).all()
    worker.end()


def test_a_worker_that_was_never_needed_starts_nothing():
    worker = DecodeWorker()
    worker.end()
    assert worker._child is None


def test_a_worker_that_cannot_start_says_so():
    worker = DecodeWorker([f"{os.sep}nowhere{os.sep}at-all"])
    with pytest.raises(errors.WorkerError, match=r"could not be started.*\.$"):
        worker.decode_now(b"x")
    worker.end()


def test_no_descriptor_is_left_open():
    def open_now() -> int:
        return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0

    before = open_now()
    for _ in range(3):
        worker = DecodeWorker()
        worker.decode_now(samples.saved(samples.picture(), "PNG"))
        worker.end()
    assert open_now() <= before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does it another way yet")
def test_without_files_in_memory_a_nameless_one_serves(monkeypatch):
    monkeypatch.delattr(os, "memfd_create", raising=False)
    worker = DecodeWorker()
    image = samples.picture()
    assert (worker.decode_now(samples.saved(image, "PNG")).pixels == samples.bgra(image)).all()
    worker.end()


def test_a_request_is_answered_part_by_part(monkeypatch):
    monkeypatch.setattr(decode_worker, "tighten", lambda limits: None)
    asked = {"limits": dataclasses.asdict(DecodeLimits()), "name": "x", "wanted": "merged"}
    with tempfile.TemporaryFile() as pixels:
        image = samples.picture()
        taken, answers = io.BytesIO(), io.BytesIO()
        decode_worker.send(taken, {})
        taken.seek(0)
        channel = decode_worker.Channel(taken, answers, pixels.fileno())
        data = samples.saved(image, "PNG", icc_profile=samples.rgb_profile())
        decode_worker.serve(asked, [data], channel)
        answers.seek(0)
        header, parts = decode_worker.receive(answers, 1 << 20)
        assert (header["width"], header["height"], header["format"]) == (64, 48, "PNG")
        assert parts == [samples.rgb_profile(), b""]
        assert decode_worker.receive(answers, 0)[0]["end"] is True
        pixels.seek(0)
        assert pixels.read() == samples.bgra(image).tobytes()
        at = answers.tell()
        decode_worker.serve(asked, [b""], channel)
        answers.seek(at)
        assert decode_worker.receive(answers, 0)[0]["error"] == "NotAPictureError"


def test_frames_come_back_as_they_went():
    pipe = io.BytesIO()
    decode_worker.send(pipe, {"a": 1}, [b"one", b"", b"three"])
    whole = pipe.getvalue()
    header, parts = decode_worker.receive(io.BytesIO(whole), 100)
    assert (header["a"], parts) == (1, [b"one", b"", b"three"])
    for length in (0, 5, 12, len(whole) - 1):
        with pytest.raises(EOFError):
            decode_worker.receive(io.BytesIO(whole[:length]), 100)
    with pytest.raises(ValueError, match="too long"):
        decode_worker.receive(io.BytesIO(whole), 3)


def test_a_frozen_program_starts_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child.worker_command() == [sys.executable, "--decode-worker"]


def test_the_process_needs_no_window_library_and_prints_nothing():
    code = (
        "import sys, os\n"
        "sys.argv = ['worker', os.devnull]\n"
        "from nanodesk.formats.decode_worker import main\n"
        "status = main()\n"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'asyncio', 'google'))]\n"
        "sys.exit(status)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        input=b"",
        capture_output=True,
        timeout=60,
        check=False,
        cwd=Path(nanodesk.__file__).parent.parent,
    )
    assert (result.returncode, result.stdout) == (0, b""), result.stderr
