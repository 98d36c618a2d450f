"""What the window may know of engines: who they are, and how they understand a stack."""

from __future__ import annotations

from nanodesk.engines.base import EngineInfo, Plan, PlannedEdit

__all__ = ["EngineInfo", "Plan", "PlannedEdit"]
