"""What the window may know of engines: who they are, how they understand a stack, what they would send."""

from __future__ import annotations

from nanodesk.engines.base import Outline, Plan, PlannedEdit
from nanodesk.engines.info import EngineInfo, ModelInfo
from nanodesk.engines.outgoing import Outgoing, OutgoingPicture

__all__ = ["EngineInfo", "ModelInfo", "Outgoing", "OutgoingPicture", "Outline", "Plan", "PlannedEdit"]
