"""Limits for the worker process on Windows: a job object with a ceiling on memory, which dies with its owner.

Microsoft's documentation, "Job Objects" and JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

assert sys.platform == "win32"  # imported there only

_EXTENDED_LIMITS = 9
_KILL_ON_CLOSE = 0x2000
_PROCESS_MEMORY = 0x0100
_DIE_ON_EXCEPTION = 0x0400
_ACTIVE_PROCESSES = 0x0008


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
    )


class _Counters(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_uint64) for name in ("r", "w", "o", "rt", "wt", "ot"))


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", _Counters),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Job:
    """A job object that holds one process: no children, limited memory, ended when the editor ends.

    Raises:
        OSError: when Windows refuses.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        self._kernel.CreateJobObjectW.restype = wintypes.HANDLE
        self._kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
        self._kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        self._kernel.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            ctypes.c_void_p,
            wintypes.DWORD,
        )
        self._kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
        self._handle = self._kernel.CreateJobObjectW(None, None)
        if not self._handle:
            raise ctypes.WinError(ctypes.get_last_error())
        handle: int = process._handle  # type: ignore[attr-defined] # Popen keeps it there, and gives it nowhere else
        if not self._kernel.AssignProcessToJobObject(self._handle, wintypes.HANDLE(int(handle))):
            failure = ctypes.WinError(ctypes.get_last_error())
            self.close()
            raise failure

    def limit_memory(self, most: int) -> None:
        """Set the ceiling on committed memory, in bytes."""
        limits = _ExtendedLimits()
        basic = limits.BasicLimitInformation
        basic.LimitFlags = _KILL_ON_CLOSE | _PROCESS_MEMORY | _DIE_ON_EXCEPTION | _ACTIVE_PROCESSES
        basic.ActiveProcessLimit = 1
        limits.ProcessMemoryLimit = most
        self._kernel.SetInformationJobObject(
            self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
        )

    def close(self) -> None:
        """Let go of the job; a process still in it ends."""
        self._kernel.CloseHandle(self._handle)
