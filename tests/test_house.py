"""The rules of the house that no other tool checks."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "nanodesk"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TOLD = SOURCES + sorted((ROOT / "tests").rglob("*.py")) + sorted((ROOT / "packaging").rglob("*.py"))
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

MOST_LINES = 400
MOST_PUBLIC_METHODS = 20
NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "helpers", "helper", "core", "manager", "managers", "misc"}
STATIC_DIALOGS = {
    "QMessageBox": {"about", "aboutQt", "critical", "information", "question", "warning"},
    "QFileDialog": {
        "getExistingDirectory",
        "getExistingDirectoryUrl",
        "getOpenFileName",
        "getOpenFileNames",
        "getOpenFileUrl",
        "getOpenFileUrls",
        "getSaveFileName",
        "getSaveFileUrl",
    },
    "QInputDialog": {"getDouble", "getInt", "getItem", "getMultiLineText", "getText"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}
# A drag needs QDrag.exec; it is called from a plain mouse handler, never inside a task, where it stalls every other.
NESTED_LOOPS = {"exec", "exec_"}
# Names of this workshop's places that would mean nothing to anybody who reads the project.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work)/")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), name(path))


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


def test_files_stay_short():
    long = {name(path): n for path in TOLD if (n := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES}
    assert not long, f"more than {MOST_LINES} lines; split by a word of the house's table: {long}"


def test_classes_stay_small():
    big = {}
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and (count := len(public_methods(node))) > MOST_PUBLIC_METHODS:
                big[f"{name(path)}:{node.name}"] = count
    assert not big, f"more than {MOST_PUBLIC_METHODS} public methods: {big}"


def public_methods(node: ast.ClassDef) -> set[str]:
    """Name what can be called on it; a property is a value."""
    return {
        part.name
        for part in node.body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
        if not part.name.startswith("_")
        if not any(ast.unparse(word).endswith("property") for word in part.decorator_list)
    }


def test_no_loop_is_nested_in_the_loop():
    nested = [
        f"{name(path)}:{call.lineno}"
        for path in SOURCES
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in NESTED_LOOPS and not is_a_drag(call)
    ]
    assert not nested, f"use open() and a signal instead of exec(): {nested}"


def is_a_drag(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name | ast.Attribute)
        and ast.unparse(call.func.value).rpartition(".")[2].lstrip("_") == "drag"
    )


def test_no_static_dialog_is_used():
    found = [
        f"{name(path)}:{call.lineno}"
        for path in SOURCES
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in STATIC_DIALOGS.get(ast.unparse(call.func.value).rpartition(".")[2], ())
    ]
    assert not found, f"a static dialog waits in a loop of its own; use open() and a signal: {found}"


def test_only_the_command_line_prints():
    found = [
        f"{name(path)}:{call.lineno}"
        for path in SOURCES
        if (PACKAGE / "cli") not in path.parents
        for call in calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert not found, f"print outside cli/: {found}"


def test_every_module_name_says_something():
    bad = [name(path) for path in PACKAGE.rglob("*") if path.stem.strip("_") in NAMES_THAT_SAY_NOTHING]
    assert not bad, f"names that say nothing: {bad}"


def test_there_is_one_undo():
    found = [name(path) for path in SOURCES if re.search(r"\bQUndo\w+", path.read_text(encoding="utf-8"))]
    assert not found, f"the editor's history is the only undo: {found}"


def test_a_rooms_init_holds_a_docstring_only():
    busy = [
        name(path)
        for path in SOURCES
        if path.name == "__init__.py" and path.parent != PACKAGE
        if len(tree(path).body) > 1
    ]
    assert not busy, f"an __init__.py holds a docstring only: {busy}"


def test_the_contracts_name_every_room():
    layers = contract("rooms")["layers"]
    named = {part.strip() for layer in layers for part in layer.split("|")}
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert named == there - {"__init__"}


def test_the_contracts_name_every_engine():
    layers = contract("engines")["layers"]
    named = {part.strip(" ()") for layer in layers for part in layer.split("|")}
    there = {path.parent.name for path in (PACKAGE / "engines").glob("*/__init__.py")}
    assert there <= named


def test_every_room_below_the_window_is_kept_from_qt():
    kept = contract("qt")["source_modules"]
    there = {f"nanodesk.{path.stem}" for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert set(kept) == (there - {"nanodesk.ui"}) | {"nanodesk.resources"}


def test_no_path_of_a_machine_stands_in_a_file():
    found = [
        name(path)
        for path in [*TOLD, ROOT / "pyproject.toml", *(ROOT / "packaging").glob("*.txt")]
        if path != Path(__file__) and MACHINE_PATH.search(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"paths of one machine: {found}"


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-test.txt"])
def test_locks_name_no_host_and_pin_every_package(file):
    text = (ROOT / "packaging" / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    pinned = re.split(r"\n(?=\w)", text)
    assert all("==" in entry and "--hash=sha256:" in entry for entry in pinned)


def test_no_file_ignores_warnings_without_saying_which():
    assert all(":" in line for line in SETTINGS["tool"]["pytest"]["ini_options"]["filterwarnings"][1:])


def contract(wanted: str) -> dict[str, Any]:
    contracts: list[dict[str, Any]] = SETTINGS["tool"]["importlinter"]["contracts"]
    return next(contract for contract in contracts if contract["id"] == wanted)
