"""What leaves this computer and what comes back, on disk before anything else happens with it."""

from __future__ import annotations

import time
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from nanodesk.document.journal import JournalEntry, SentPicture
from nanodesk.editor.errors import RunError
from nanodesk.editor.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nanodesk.document.identity import RunId
    from nanodesk.engines.base import ReplyReceived, Sending

Key = tuple["RunId", int]


class Keeper(Protocol):
    """Who writes to disk."""

    async def put_down(self, entry: JournalEntry, body: bytes | None = None) -> str:
        """Write an entry, and a reply with it; why it is not on disk as a plain sentence, empty when it is."""

    def reply(self, run: RunId, reply: int) -> bytes | None:
        """The body of a reply that was written; none where there is none, or it is damaged. May block."""


class _Nowhere:
    """For work that is kept nowhere."""

    def __init__(self) -> None:
        self._replies: dict[Key, bytes] = {}

    async def put_down(self, entry: JournalEntry, body: bytes | None = None) -> str:
        if body is not None:
            self._replies[entry.run, entry.reply] = body
        return ""

    def reply(self, run: RunId, reply: int) -> bytes | None:
        return self._replies.get((run, reply))


class Journal:
    """One entry for each request of the project's runs; belongs to the loop's thread.

    Attributes:
        changed: an entry is new, or otherwise than before.
    """

    def __init__(self) -> None:
        self._entries: dict[Key, JournalEntry] = {}
        self._keeper: Keeper = _Nowhere()
        self.changed: Signal[RunId] = Signal()

    def kept_by(self, keeper: Keeper) -> None:
        """Have somebody write it down."""
        self._keeper = keeper

    @property
    def entries(self) -> Mapping[Key, JournalEntry]:
        """Every entry by run and number."""
        return MappingProxyType(self._entries)

    def of_run(self, run: RunId) -> tuple[JournalEntry, ...]:
        """The requests of a run, in the order they left."""
        return tuple(entry for (one, _), entry in sorted(self._entries.items()) if one == run)

    def remember(self, entries: Sequence[JournalEntry]) -> None:
        """Take over what the project file holds."""
        self._entries.update({(entry.run, entry.reply): entry for entry in entries})

    async def sent(self, run: RunId, engine: str, sending: Sending) -> None:
        """A request is about to leave.

        Raises:
            RunError: when that could not be written to disk; then it must not leave.
        """
        pictures = tuple(
            SentPicture(one.name, one.role, one.size, one.mime, len(one.data), one.hash) for one in sending.pictures
        )
        entry = JournalEntry(
            *(run, sending.reply, engine, sending.model, sending.host, sending.account, sending.words, pictures),
            sent=time.time(),
            frame=sending.frame,
            clip=sending.clip,
            several=sending.several,
        )
        fault = await self._put(entry)
        if fault:
            del self._entries[run, sending.reply]
            raise RunError(f"Nothing was sent, since the journal could not be written first. {fault}")

    async def received(self, run: RunId, reply: ReplyReceived) -> str:
        """The whole body of a reply is here; why it is not on disk, empty when it is."""
        entry = self._entries.get((run, reply.reply))
        if entry is None:
            return ""
        return await self._put(replace(entry, answered=time.time(), reply_bytes=len(reply.body)), reply.body)

    async def taken(self, run: RunId, reply: int) -> None:
        """What a reply held is among the candidates, or it held nothing."""
        entry = self._entries.get((run, reply))
        if entry is not None and not entry.taken:
            await self._put(replace(entry, taken=True))

    async def not_taken(self, run: RunId, reply: int) -> None:
        """A request did not leave after all, or was answered with an error; nothing was charged for it."""
        entry = self._entries.get((run, reply))
        if entry is not None:
            await self._put(replace(entry, not_taken=True, taken=True))

    async def _put(self, entry: JournalEntry, body: bytes | None = None) -> str:
        self._entries[entry.run, entry.reply] = entry
        fault = await self._keeper.put_down(entry, body)
        self.changed.emit(entry.run)
        return fault

    def body(self, run: RunId, reply: int) -> bytes | None:
        """The body of a reply; none where it is not there any more. May block."""
        return self._keeper.reply(run, reply)

    def waiting_for_answer(self, run: RunId) -> bool:
        """Whether a request of a run has left whose answer never came."""
        return any(entry.answered is None and not entry.not_taken for entry in self.of_run(run))
