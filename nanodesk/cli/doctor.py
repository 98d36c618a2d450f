"""`nanodesk doctor`: what this machine offers, and what is missing."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from nanodesk import __version__
from nanodesk.cli.errors import DONE
from nanodesk.cli.sent import when
from nanodesk.resources import resource_path

if TYPE_CHECKING:
    import argparse

    from nanodesk.cli.output import Output
    from nanodesk.editor.accounts import Accounts

_PACKAGES = ("PySide6-Essentials", "qasync", "google-genai", "pillow", "opencv-python-headless", "numpy", "zstandard")

_READERS = (("pillow-heif", "HEIC photos"), ("pillow-jxl-plugin", "JPEG XL"))

PATIENCE_S = 5.0
"""So long the key store may take to answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    name: str
    good: bool
    detail: str


async def command(arguments: argparse.Namespace, output: Output) -> int:
    """Look at everything; always status 0, the findings say what is wrong."""
    del arguments
    engines = await _engines()
    packages = [_package(name) for name in _PACKAGES]
    readers = [_reader(name, what) for name, what in _READERS]
    findings = [_python(), *packages, *readers, _model(), _folders(), _window(), *engines]
    values = {
        "version": __version__,
        "good": all(one.good for one in findings),
        "findings": [{"name": one.name, "good": one.good, "detail": one.detail} for one in findings],
    }
    lines = [f"{'ok ' if one.good else 'no '} {one.name}: {one.detail}" for one in findings]
    output.answer(values, [f"Nanodesk {__version__}", *lines])
    return DONE


def _python() -> Finding:
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding("Python", good, f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed; run python3 packaging/dev.py run")


def _reader(name: str, what: str) -> Finding:
    """A package that need not be there."""
    try:
        return Finding(f"reader of {what}", True, f"{name} {version(name)}")
    except PackageNotFoundError:
        return Finding(f"reader of {what}", True, f"not installed, and not needed for anything else ({name})")


def _model() -> Finding:
    path = resource_path("models", "u2netp.onnx")
    good = path.is_file()
    return Finding(
        "subject cut-out model", good, "there" if good else "missing; backgrounds cannot be edited on-device"
    )


def _folders() -> Finding:
    from nanodesk.editor.workspace import state_folder

    folder = state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / "doctor"
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        return Finding("recovery folder", False, f"{folder} cannot be written ({error.strerror})")
    return Finding("recovery folder", True, str(folder))


def _window() -> Finding:
    """Whether a window could open, without importing Qt."""
    import os

    if sys.platform.startswith("linux"):
        display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
        return Finding("display", bool(display), display or "none; the command line works, the window does not")
    return Finding("display", True, sys.platform)


async def _engines() -> list[Finding]:
    """Each engine; of one that sends pictures also its key, where they go, and by whose consent. Asks no service."""
    from nanodesk.editor.workspace import Workspace

    workspace = Workspace.headless()
    found: list[Finding] = []
    try:
        await workspace.accounts.load(patience_s=PATIENCE_S)
        for info in workspace.engines.infos():
            found.append(Finding(f"engine {info.id}", info.ready, "ready" if info.ready else info.reason))
            if info.sends:
                found += _account(workspace.accounts, info.id, info.name)
    finally:
        await workspace.shut_down()
    return found


def _account(accounts: Accounts, engine: str, name: str) -> list[Finding]:
    from nanodesk.editor.accounts import GEMINI

    host = accounts.host(engine)
    at = accounts.consented_at(engine)
    if at is not None and accounts.consented(engine):
        agreed = f"given on {when(at)}"
    elif at is not None:
        agreed = f"given on {when(at)} for another host; it is asked for anew"
    else:
        agreed = f"not given; naming the engine gives it for one command ({name} is never used by itself without)"
    consent = Finding(f"{engine} consent", True, agreed)
    return [*_key(accounts, host), consent] if engine == GEMINI else [Finding(f"{engine} host", True, host), consent]


def _key(accounts: Accounts, host: str) -> list[Finding]:
    from nanodesk.editor.accounts import BASE_URL, GEMINI, KeySource

    source = accounts.source(GEMINI)
    keys = {
        KeySource.ENVIRONMENT: f"from {accounts.environment_name} of the environment",
        KeySource.KEY_STORE: "from the system’s key store",
    }
    named = f", as {BASE_URL} says" if accounts.environment_url else ""
    return [
        Finding("gemini key", source is not KeySource.NONE, keys.get(source, "none")),
        Finding("key store", not accounts.store_fault, accounts.store_fault or "there"),
        Finding("gemini host", bool(host), f"{host}{named}" if host else f"{BASE_URL} is no address of a service"),
    ]
