"""What the project needs of the system on Linux: which libraries are missing, and how to get them."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys

# Shared library -> Debian package. The same names install on Debian 12 and 13.
_QT = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libX11.so.6": "libx11-6",
}
_X11 = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
WINDOW_LIBRARIES = {**_QT, **_X11, **_WAYLAND}
# Program -> Debian package, for the tests in a real window.
TEST_PROGRAMS = {"Xvfb": "xvfb", "xvfb-run": "xvfb", "xauth": "xauth", "xdotool": "xdotool"}


def missing_for_environment() -> list[str]:
    """Name the packages without which Python cannot make an environment of its own."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def missing_for_window() -> list[str]:
    """Name the packages without which Qt cannot open a window, a font among them where there is none at all."""
    missing = [package for library, package in WINDOW_LIBRARIES.items() if not _loads(library)]
    return [*missing, "fonts-dejavu-core"] if missing else []


def missing_for_tests() -> list[str]:
    """Name the packages without which the tests in a real window cannot run."""
    return sorted({package for program, package in TEST_PROGRAMS.items() if not shutil.which(program)})


def install(packages: list[str]) -> bool:
    """Install packages with apt-get where that is allowed without asking; tell whether it was done."""
    prefix = _may_install()
    if prefix is None:
        return False
    print(f"Installing system packages: {' '.join(packages)}", file=sys.stderr, flush=True)
    fetch = [*prefix, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    add = [*fetch, "-o", "Dpkg::Use-Pty=0", "install", "-y", "--no-install-recommends", *packages]
    # The package lists of a fresh system are empty or old: only then are they fetched.
    if _quietly(add).returncode == 0:
        return True
    _quietly([*fetch, "update"])
    done = _quietly(add)
    if done.returncode != 0:
        print(done.stdout.strip(), file=sys.stderr)
    return done.returncode == 0


def command_to_type(packages: list[str]) -> str:
    """Give the one sentence that says how to get the packages by hand."""
    names = " ".join(packages)
    if shutil.which("apt-get"):
        sudo = "" if os.geteuid() == 0 else "sudo "
        return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {names}"
    return f"(with this system's package manager; these are Debian's names) {names}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _may_install() -> list[str] | None:
    """Give what to put before apt-get, or None when it cannot be run without asking somebody."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _quietly(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def _quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
