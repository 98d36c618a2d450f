"""What the command line prints: text for people, or one JSON object and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

Json = Mapping[str, object]


class Output:
    """Standard output for the answer, standard error for progress and faults."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def answer(self, values: Json, lines: Sequence[str]) -> None:
        """Print the answer in the one way or the other."""
        if self.as_json:
            print(json.dumps(values, ensure_ascii=False, indent=2, sort_keys=False))
        else:
            for line in lines:
                print(line)

    def progress(self, message: str) -> None:
        """Say what is being done, to a person."""
        if not self.as_json:
            print(message, file=sys.stderr, flush=True)

    def fault(self, message: str, status: int, extra: Json | None = None) -> None:
        """Say what went wrong, in one plain sentence."""
        if self.as_json:
            print(json.dumps({"error": message, "status": status, **(extra or {})}, ensure_ascii=False, indent=2))
        else:
            print(message, file=sys.stderr)
