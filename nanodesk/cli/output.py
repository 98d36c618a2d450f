"""What the command line prints: text for people, or one JSON object and nothing else."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence

Json = Mapping[str, object]

_SECONDS = re.compile(r"\d+ s$")


class Output:
    """Standard output for the answer, standard error for progress and faults."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._kind = ""

    def answer(self, values: Json, lines: Sequence[str]) -> None:
        """Print the answer in the one way or the other."""
        if self.as_json:
            print(json.dumps(values, ensure_ascii=False, indent=2, sort_keys=False))
        else:
            for line in lines:
                print(harmless(line))

    def progress(self, message: str) -> None:
        """Say what is being done, to a person; of a countdown only the first number, where there is no terminal."""
        if self.as_json:
            return
        kind = _SECONDS.sub("", message)
        repeated, self._kind = kind == self._kind, kind
        if not repeated:
            print(harmless(message), file=sys.stderr, flush=True)
        elif sys.stderr.isatty():
            print(f"\x1b[1A\x1b[2K{harmless(message)}", file=sys.stderr, flush=True)  # in place of the line before

    def fault(self, message: str, status: int, extra: Json | None = None) -> None:
        """Say what went wrong, in one plain sentence."""
        if self.as_json:
            print(json.dumps({"error": message, "status": status, **(extra or {})}, ensure_ascii=False, indent=2))
        else:
            print(harmless(message), file=sys.stderr)


def harmless(text: str) -> str:
    """A text without what a terminal would take for a command: names and a model's words come from elsewhere."""
    return "".join(char if char.isprintable() or char in "\n\t" else " " for char in text)
