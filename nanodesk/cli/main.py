"""`nanodesk VERB …`: the same editor without a window; imports no Qt."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from importlib import import_module

from nanodesk.cli.arguments import parser
from nanodesk.cli.errors import DONE, FAULT, status_of
from nanodesk.cli.output import Output
from nanodesk.document.run import Remedy
from nanodesk.editor.errors import EditNotUnderstoodError, RunError

Command = Callable[[argparse.Namespace, Output], Coroutine[object, object, int]]


def main(argv: Sequence[str]) -> int:
    """Do what the words ask for; the exit status.

    Wrong words end in argparse's own message and status 2.
    """
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else DONE
    output = Output(as_json=arguments.json)
    command: Command = import_module(f"nanodesk.cli.{arguments.verb}").command
    try:
        return asyncio.run(command(arguments, output))
    except BaseException as error:  # noqa: BLE001 - every fault ends in a sentence and a status
        return _failed(error, output)


def _failed(error: BaseException, output: Output) -> int:
    status = status_of(error)
    output.fault(_sentence(error, status, output), status, _extra(error))
    return status


def _sentence(error: BaseException, status: int, output: Output) -> str:
    if status == FAULT:
        return f"Nanodesk has a fault ({type(error).__name__} in {_place(error)}); nothing was written."
    match error:
        case KeyboardInterrupt():
            return "Cancelled; nothing was written."
        case TimeoutError():
            return "The time limit was reached; nothing was written."
        case EditNotUnderstoodError(nearest=nearest) if nearest and not output.as_json:
            return f"{error} Nearest: " + "; ".join(f"“{one}”" for one in nearest) + "."
        case RunError(remedy=Remedy.KEY):
            return f"{error} Here that is the environment variable GEMINI_API_KEY, or the settings of the window."
        case RunError(words=words) if words and not output.as_json:
            return f"{error}\nThe model says: {words}"
    return str(error)


def _extra(error: BaseException) -> dict[str, object] | None:
    match error:
        case EditNotUnderstoodError(edit=edit, nearest=nearest):
            return {"edit": edit, "nearest": list(nearest)}
        case RunError():
            found = {
                "charged": error.charged,
                "remedy": error.remedy,
                "successor": error.successor,
                "words": error.words,
            }
            return {name: value for name, value in found.items() if value}
    return None


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "an unknown place" if trace is None else f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
