"""Giving freed memory back, where the C library would keep it."""

import ctypes
import sys

import pytest

from nanodesk.editor import given_back
from nanodesk.editor.given_back import give_back


@pytest.fixture(autouse=True)
def looked_up_anew():
    given_back._trim.cache_clear()
    yield
    given_back._trim.cache_clear()


def test_where_the_library_can_it_is_asked(monkeypatch):
    asked: list[int] = []

    class Library:
        malloc_trim = asked.append

    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library)
    monkeypatch.setattr(sys, "platform", "linux")
    give_back()
    give_back()
    assert asked == [0, 0]


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_where_it_cannot_nothing_is_done(monkeypatch, platform):
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    monkeypatch.setattr(sys, "platform", platform)
    give_back()
    assert given_back._trim() is None
