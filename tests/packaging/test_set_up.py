"""The set-up command: what it installs, what it says when it may not, and that it does nothing twice."""

import hashlib
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    """Let the scripts of packaging/ import each other as they do when they are started."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))


@pytest.fixture
def linux(monkeypatch):
    """Give a Linux machine on which nothing is installed and nothing really runs; returns what was to be run."""
    import debian
    import environment

    ran: list[list[str]] = []

    def pretend(command, **_):
        ran.append([str(word) for word in command])
        return SimpleNamespace(returncode=0, stdout="")

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(environment, "ready", lambda test: False)
    monkeypatch.setattr(debian, "missing_for_environment", lambda: ["python3.11-venv"])
    monkeypatch.setattr(debian, "_loads", lambda library: False)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr("subprocess.run", pretend)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return ran


def installed(ran: list[list[str]]) -> set[str]:
    return {word for command in ran if "install" in command for word in command[command.index("-y") + 2 :]}


def test_a_window_needs_qts_libraries(linux):
    import dev

    dev.provide_system(window=True, test=False)
    assert {"python3.11-venv", "libgl1", "libxcb-cursor0", "libwayland-cursor0"} <= installed(linux)
    assert "xvfb" not in installed(linux)


def test_the_tests_need_a_display_of_their_own(linux):
    import dev

    dev.provide_system(window=True, test=True)
    assert {"libgl1", "xvfb", "xauth", "xdotool"} <= installed(linux)


def test_the_command_line_needs_no_library_of_qt(linux):
    import dev

    dev.provide_system(window=False, test=False)
    assert installed(linux) == {"python3.11-venv"}


def test_the_package_lists_are_fetched_only_when_the_first_try_fails(linux, monkeypatch):
    import debian

    def pretend(command, **_):
        linux.append(command)
        failed = "install" in command and not any("update" in earlier for earlier in linux)
        return SimpleNamespace(returncode=100 if failed else 0, stdout="E: no lists")

    monkeypatch.setattr("subprocess.run", pretend)
    assert debian.install(["libgl1"])
    assert ["install" in command for command in linux] == [True, False, True]


def test_who_may_not_install_is_told_one_command(linux, monkeypatch):
    import dev
    import environment

    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(environment.SetUpError, match=r"sudo apt-get update && sudo apt-get install -y .*libgl1"):
        dev.provide_system(window=True, test=False)
    assert not linux


def test_the_exit_status_is_2_when_something_has_to_be_typed(linux, monkeypatch, capsys):
    import dev

    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert dev.main(["test"]) == 2
    assert "xvfb" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["walk"], ["--version"]])
def test_another_verb_is_wrong_usage(arguments, capsys):
    import dev

    assert dev.main(arguments) == 2
    assert "dev.py run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "window"),
    [([], True), (["photo.jpg"], True), (["edit", "photo.jpg"], False), (["--help"], False), (["doctor"], False)],
)
def test_a_window_opens_for_pictures_and_for_nothing(arguments, window):
    import dev

    assert dev.opens_window(arguments) is window


def test_every_command_of_the_command_line_is_known_to_open_no_window():
    import dev

    from nanodesk.cli.verbs import VERBS

    assert set(VERBS) <= set(dev.WINDOWLESS)


@pytest.mark.parametrize(("arguments", "there_is_one"), [([], False), (["--headless"], True)])
def test_without_a_display_the_main_job_is_done_headless(arguments, there_is_one, monkeypatch):
    import demonstration
    import dev
    import display
    import environment

    asked = []
    monkeypatch.setattr(display, "reachable", lambda: there_is_one)
    monkeypatch.setattr(dev, "provide_system", lambda **wanted: asked.append(wanted))
    monkeypatch.setattr(environment, "prepare", lambda test: None)
    monkeypatch.setattr(demonstration, "run", lambda python: 7)
    assert dev.main(["run", *arguments]) == 7
    assert asked == [{"window": False, "test": False}]


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="displays with an address are a matter of X11 and Wayland")
def test_a_display_that_does_not_answer_is_none(monkeypatch, tmp_path):
    import display

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not display.reachable()
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-7"))
        compositor.listen()
        assert display.reachable()


@pytest.mark.parametrize("name", ["", ":4711", ":4711.0", "127.0.0.1:59000"])
def test_an_x11_display_that_does_not_answer_is_none(monkeypatch, name):
    import display

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", name)
    assert not display.reachable()


def test_the_demonstration_says_what_it_did_and_where_it_lies(monkeypatch, tmp_path, capsys):
    import demonstration

    ran = []

    def pretend(command, **_):
        ran.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(demonstration, "_folder", lambda: tmp_path)
    monkeypatch.setattr("subprocess.run", pretend)
    assert demonstration.run(Path("python")) == 0
    told = capsys.readouterr().out
    assert ran[0][4:7] == ["edit", str(demonstration.SAMPLE), "-e"]
    assert demonstration.SAMPLE.is_file()
    assert "blur the background" in told
    assert str(tmp_path / "astronaut.nanodesk") in told


def test_the_demonstration_ends_with_the_status_of_what_failed(monkeypatch, tmp_path):
    import demonstration

    monkeypatch.setattr(demonstration, "_folder", lambda: tmp_path)
    monkeypatch.setattr("subprocess.run", lambda *_, **__: SimpleNamespace(returncode=3))
    assert demonstration.run(Path("python")) == 3


@pytest.fixture
def project(monkeypatch, tmp_path):
    """Give a project folder of its own, in which pip only notes what it was asked for."""
    import environment

    for name in ("pyproject.toml", "requirements.txt", "requirements-test.txt"):
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "RUN_SET", tmp_path / "requirements.txt")
    monkeypatch.setattr(environment, "TEST_SET", tmp_path / "requirements-test.txt")
    monkeypatch.setattr(environment, "python_in", lambda: tmp_path / ".venv" / "python")
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(environment, "_pip", lambda *words: asked.append(words))
    monkeypatch.setattr(environment, "_usable", lambda: (tmp_path / ".venv" / "python").is_file())

    def make():
        (tmp_path / ".venv").mkdir(exist_ok=True)
        (tmp_path / ".venv" / "python").touch()

    monkeypatch.setattr(environment, "_make", make)
    return SimpleNamespace(folder=tmp_path, asked=asked)


def test_the_second_time_nothing_is_installed(project):
    import environment

    environment.prepare(test=False)
    first = len(project.asked)
    environment.prepare(test=False)
    assert first == len(project.asked) == 2
    assert "--require-hashes" in project.asked[0]


def test_the_set_for_tests_serves_to_run_too_but_not_the_other_way(project):
    import environment

    environment.prepare(test=False)
    assert not environment.ready(test=True)
    environment.prepare(test=True)
    assert environment.ready(test=True)
    assert environment.ready(test=False)


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements.txt"])
def test_a_change_of_what_is_locked_installs_again(project, changed):
    import environment

    environment.prepare(test=False)
    (project.folder / changed).write_text("other")
    assert not environment.ready(test=False)


def test_a_set_up_that_was_cut_off_is_not_taken_for_whole(project, monkeypatch):
    import environment

    environment.prepare(test=False)
    (project.folder / "requirements.txt").write_text("other")

    def cut_off(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "_pip", cut_off)
    with pytest.raises(KeyboardInterrupt):
        environment.prepare(test=False)
    (project.folder / "requirements.txt").write_text("requirements.txt")
    assert not environment.ready(test=False)


def test_an_environment_that_does_not_start_is_not_usable(monkeypatch, tmp_path):
    import environment

    broken = tmp_path / "python"
    monkeypatch.setattr(environment, "python_in", lambda: broken)
    assert not environment._usable()
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert not environment._usable()
    monkeypatch.setattr(environment, "python_in", lambda: Path(sys.executable))
    assert environment._usable()


def test_an_old_python_is_told_which_it_needs():
    code = (
        "import runpy, shutil, sys\n"
        "shutil.which = lambda name: None\n"
        "sys.version_info = (3, 9, 0)\n"
        f"sys.path.insert(0, {str(ROOT / 'packaging')!r})\n"
        f"runpy.run_path({str(ROOT / 'packaging' / 'dev.py')!r}, run_name='__main__')\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.strip() == "Nanodesk needs Python 3.11 to 3.13; this is 3.9, and no other was found."


def test_a_floor_is_only_raised():
    import coverage_floor

    now, floor = {"document": 97.9, "ui": 40.0, "cli": 80.2}, {"document": 95, "ui": 50}
    assert coverage_floor.lifted(now, floor) == {"cli": 79, "document": 97, "ui": 50}


def test_a_room_below_its_floor_or_without_one_is_named():
    import coverage_floor

    problems = coverage_floor.judge({"document": 94.9, "ui": 60.0}, {"document": 95})
    assert problems == ["ui has no floor in coverage_floor.json.", "document is covered to 94.9 %, its floor is 95 %."]


def test_the_shipped_model_is_the_one_that_was_chosen():
    model = (ROOT / "resources" / "models" / "u2netp.onnx").read_bytes()
    told = (ROOT / "resources" / "models" / "u2netp.md").read_text(encoding="utf-8")
    assert hashlib.sha256(model).hexdigest() in told


def test_every_shipped_thing_of_others_has_its_licence():
    table = (ROOT / "resources" / "LICENSES.md").read_text(encoding="utf-8")
    for text in ("icons/LICENSE", "fonts/OFL.txt", "models/u2netp.md", "samples/README.md"):
        assert text in table
        assert (ROOT / "resources" / text).stat().st_size > 200
