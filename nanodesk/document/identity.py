"""Identifiers of the things a project holds."""

from __future__ import annotations

import os
from typing import NewType

LayerId = NewType("LayerId", str)
EditId = NewType("EditId", str)
StepId = NewType("StepId", str)
RunId = NewType("RunId", str)
CandidateId = NewType("CandidateId", str)
ReferenceId = NewType("ReferenceId", str)


def new_id() -> str:
    """A random identifier of 32 hexadecimal digits, unique in practice across projects."""
    return os.urandom(16).hex()
