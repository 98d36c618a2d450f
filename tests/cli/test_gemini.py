"""The command line with the engine that sends something, against the service on loopback."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from nanodesk.cli.main import main
from nanodesk.storage.settings import Settings
from tests.wire import scenarios
from tests.wire.replies import picture_part, plain
from tests.wire.server import serving

EDIT = ("-e", "add steam over the cup", "--engine", "gemini")


def read(path):
    return cv2.imread(str(path), cv2.IMREAD_UNCHANGED)


def test_one_answer_becomes_the_picture(service, photo, tmp_path, nanodesk, recoveries):
    out = tmp_path / "out.png"
    status, told, _ = nanodesk("edit", photo, *EDIT, "-o", out)
    assert status == 0
    assert read(out).shape[:2] == (400, 600)
    assert told["outputs"] == [str(out)]
    assert (told["engine"], told["candidates"], told["words"]) == ("gemini", 1, ["Here it is."])
    assert told["cost"] > 0
    assert told["tokens"]["input_tokens"] == 1324
    assert told["answered_by"]
    assert len(service.generated) == 1
    assert "add steam over the cup" in service.generated[0].text
    assert recoveries() == []


def test_plan_says_exactly_what_edit_then_sends(service, photo, tmp_path, nanodesk):
    reference = tmp_path / "style.png"
    cv2.imwrite(str(reference), np.full((300, 200, 3), 90, np.uint8))
    words = (photo, *EDIT, "-r", reference, "--candidates", "2", "--size", "2K", "--model", "gemini-3-pro-image")
    status, told, _ = nanodesk("plan", *words)
    assert status == 0
    assert service.asked == []
    out = told["outgoing"]
    assert (out["model"], out["image_size"], out["candidates"]) == ("gemini-3-pro-image", "2K", 2)
    assert out["host"] == "127.0.0.1"
    assert out["tokens"]["input"] > 0
    assert out["cost"] == pytest.approx(told["cost"])
    assert [picture["name"] for picture in out["pictures"]] == ["style.png", "base"]
    status, edited, _ = nanodesk("edit", *words, "-o", tmp_path / "out.png")
    assert status == 0
    for asked in service.generated:
        sent = [hashlib.sha256(data).hexdigest() for _, data in asked.blobs]
        assert sent == [picture["sha256"] for picture in out["pictures"]]
        assert [len(data) for _, data in asked.blobs] == [picture["bytes"] for picture in out["pictures"]]
        assert [list(picture.size) for picture in asked.pictures] == [one["size"] for one in out["pictures"]]
        assert "\n\n".join(asked.texts) == out["text"]
        assert asked.model == "gemini-3-pro-image"
    assert [entry["pictures"][0]["sha256"] for entry in edited["sent"]] == [out["pictures"][0]["sha256"]] * 2


def test_plan_for_people_lists_pictures_words_and_price(service, photo, capsys):
    assert main(["plan", str(photo), *EDIT]) == 0
    said = capsys.readouterr().out
    for words in ("Leaves this computer for 127.0.0.1", "600 × 400 pixels", "SHA-256", "It costs about $0.0", "tokens"):
        assert words in said
    assert service.asked == []


def test_a_plan_without_a_picture_is_that_of_a_new_one(service, nanodesk):
    status, told, _ = nanodesk("plan", "-e", "a red fox", "--engine", "gemini")
    assert status == 0
    assert told["base"] is None
    assert told["outgoing"]["pictures"] == []


def test_a_retired_model_names_its_successor(service, photo, nanodesk):
    for verb in ("plan", "edit"):
        status, told, _ = nanodesk(verb, photo, *EDIT, "--model", "gemini-2.5-flash-image-preview")
        assert status == 2
        assert told["successor"]
    assert service.asked == []


def test_automatic_sends_nothing_without_consent_and_everything_with_it(service, home, photo, nanodesk):
    status, told, _ = nanodesk("edit", photo, "-e", "make it warmer")
    assert (status, told["engine"]) == (0, "on-device")
    assert service.asked == []
    settings = Settings.load(home / "config" / "nanodesk")
    settings.consent("gemini", "elsewhere.example")
    settings.save()
    status, told, _ = nanodesk("plan", photo, "-e", "make it warmer")
    assert told["engine"] == "on-device"  # that consent was for another host
    settings.consent("gemini", "127.0.0.1")
    settings.save()
    status, told, _ = nanodesk("edit", photo, "-e", "make it warmer")
    assert (status, told["engine"]) == (0, "gemini")
    assert len(service.generated) == 1


def test_naming_the_engine_is_consent_for_one_command_alone(service, home, photo, nanodesk):
    assert nanodesk("edit", photo, *EDIT)[0] == 0
    assert not Settings.load(home / "config" / "nanodesk").consented("gemini")
    assert nanodesk("edit", photo, "-e", "make it warmer")[1]["engine"] == "on-device"


def test_no_key_and_a_bad_key_end_with_2(service, photo, nanodesk, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "another-key")
    status, told, _ = nanodesk("edit", photo, *EDIT)
    assert (status, told["remedy"]) == (2, "key")
    assert "not valid" in told["error"]
    monkeypatch.delenv("GEMINI_API_KEY")
    status, told, _ = nanodesk("edit", photo, *EDIT)
    assert (status, told["remedy"]) == (2, "key")
    assert "GEMINI_API_KEY" in told["error"]
    assert len(service.generated) == 1
    assert len(list(photo.parent.iterdir())) == 1


@pytest.mark.parametrize(
    ("scenario", "status", "charged"),
    [
        (scenarios.blocked("PROHIBITED_CONTENT"), 4, None),
        (scenarios.answers(finish="IMAGE_SAFETY"), 4, None),
        (scenarios.answers({"text": "Which of the two cups?"}), 4, None),
        (scenarios.fails(403, "PERMISSION_DENIED"), 2, "no"),
        (scenarios.fails(404, "NOT_FOUND"), 5, "no"),
        (scenarios.drops_in_the_middle, 5, "maybe"),
        (scenarios.redirects("http://127.0.0.1:9/"), 5, "no"),
        (scenarios.sends(b"<html>sign in</html>", mime="text/html"), 5, "maybe"),
    ],
)
def test_each_failure_has_its_status_and_writes_nothing(
    service, photo, nanodesk, recoveries, scenario, status, charged
):
    service.always(scenario)
    left, told, err = nanodesk("edit", photo, *EDIT)
    assert left == status
    assert told["error"].endswith((".", "?"))
    assert charged is None or told["charged"] == charged
    assert "Traceback" not in err
    assert len(list(photo.parent.iterdir())) == 1
    assert recoveries() == []


def test_what_the_model_asks_back_is_shown_without_what_a_terminal_obeys(service, photo, capsys):
    service.will(scenarios.answers({"text": "Which cup?\x1b[2J\x07"}))
    assert main(["edit", str(photo), *EDIT]) == 4
    said = capsys.readouterr().err
    assert "Which cup?" in said
    assert "\x1b" not in said
    assert "\x07" not in said


def test_several_candidates_are_numbered_files_and_no_other_file_is_touched(service, photo, tmp_path, nanodesk):
    out = tmp_path / "out.png"
    taken = tmp_path / "out-2.png"
    taken.write_bytes(b"somebody's")
    for colour in ((200, 30, 30), (30, 200, 30), (30, 30, 200)):
        service.will(scenarios.edits(tint=colour))
    status, told, _ = nanodesk("edit", photo, *EDIT, "--candidates", "3", "-o", out)
    assert status == 0
    assert [Path(one).name for one in told["outputs"]] == ["out.png", "out-2-2.png", "out-3.png"]
    pictures = [read(path) for path in told["outputs"]]
    assert all(picture.shape[:2] == (400, 600) for picture in pictures)
    assert not np.array_equal(pictures[0], pictures[1])
    assert taken.read_bytes() == b"somebody's"


def test_one_of_several_failing_is_a_note(service, photo, tmp_path, nanodesk):
    service.will(scenarios.answers(finish="IMAGE_SAFETY"))
    status, told, _ = nanodesk("edit", photo, *EDIT, "--candidates", "2", "-o", tmp_path / "out.png")
    assert status == 0
    assert (told["candidates"], len(told["outputs"])) == (1, 1)
    assert any("did not come" in note for note in told["notes"])


def test_a_project_keeps_runs_costs_and_the_log_of_what_left(service, photo, tmp_path, nanodesk, capsys):
    project = tmp_path / "work.nanodesk"
    status, told, _ = nanodesk("edit", photo, *EDIT, "--candidates", "2", "-o", project)
    assert (status, told["outputs"], told["candidates"]) == (0, [str(project)], 2)
    status, shown, _ = nanodesk("show", project)
    assert status == 0
    (run,) = shown["runs"]
    assert (run["state"], run["engine"], run["candidates"], run["charged"]) == ("done", "gemini", 2, "no")
    assert shown["cost"] == pytest.approx(run["cost"])
    assert len(shown["sent"]) == 2
    for entry, asked in zip(shown["sent"], service.generated, strict=True):
        assert entry["host"] == "127.0.0.1"
        assert entry["sent"]
        assert entry["answered"]
        assert entry["pictures"][0]["sha256"] == hashlib.sha256(asked.blobs[0][1]).hexdigest()
        assert entry["bytes"] == len(asked.blobs[0][1]) + len(entry["text"].encode())
        assert entry["reply_bytes"] > 1000
    assert main(["show", str(project)]) == 0
    said = capsys.readouterr().out
    assert "Left this computer" in said
    assert shown["sent"][0]["pictures"][0]["sha256"] in said
    assert "$0.0" in said


def test_a_project_whose_run_failed_tells_what_left_and_is_else_as_before(
    service, photo, tmp_path, nanodesk, recoveries
):
    project = tmp_path / "work.nanodesk"
    assert nanodesk("edit", photo, "-e", "make it warmer", "-o", project)[0] == 0
    before, untouched = nanodesk("show", project)[1], project.read_bytes()
    assert nanodesk("edit", project, "-e", "blur the background", "--time-limit", "0.000001")[0] == 5
    assert nanodesk("edit", project, "-e", "add a dragon")[0] == 3
    assert project.read_bytes() == untouched  # nothing was sent
    service.will(scenarios.drops_in_the_middle)
    assert nanodesk("edit", project, *EDIT)[0] == 5
    shown = nanodesk("show", project)[1]
    assert (shown["layers"], shown["steps"], shown["edits"]) == (before["layers"], before["steps"], before["edits"])
    assert [run["state"] for run in shown["runs"]] == ["done", "failed"]
    assert shown["runs"][1]["charged"] == "maybe"
    (entry,) = shown["sent"]
    assert entry["answered"] is None
    assert recoveries() == []


def test_a_project_is_edited_in_place(service, photo, tmp_path, nanodesk, recoveries):
    project = tmp_path / "work.nanodesk"
    assert nanodesk("edit", photo, *EDIT, "-o", project)[0] == 0
    status, told, _ = nanodesk("edit", project, "-e", "add a spoon", "--engine", "gemini")
    assert (status, told["output"], len(told["layers"])) == (0, str(project), 3)
    assert len(nanodesk("show", project)[1]["sent"]) == 2
    assert recoveries() == []


def test_exporting_an_edit_of_a_project_leaves_the_project_alone(service, photo, tmp_path, nanodesk):
    project, out = tmp_path / "work.nanodesk", tmp_path / "out.png"
    assert nanodesk("edit", photo, "-e", "make it warmer", "-o", project)[0] == 0
    before = project.read_bytes()
    assert nanodesk("edit", project, *EDIT, "-o", out)[0] == 0
    assert out.exists()
    assert project.read_bytes() == before


def test_a_new_picture_is_made_of_words_alone(service, tmp_path, nanodesk):
    out = tmp_path / "fox.png"
    status, _, _ = nanodesk("edit", "--new", "-e", "a red fox", "--engine", "gemini", "-o", out)
    assert status == 0
    assert read(out).shape[:2] == (256, 256)
    assert service.generated[0].blobs == []
    for words in (["--new"], ["--new", "x.png", "-o", out], ["-o", out], ["--new", "--engine", "on-device", "-o", out]):
        assert nanodesk("edit", "-e", "a red fox", *words)[0] == 2


def test_a_mask_sends_and_changes_a_part_alone(service, photo, tmp_path, nanodesk):
    mask = np.zeros((400, 600), np.uint8)
    mask[100:200, 100:200] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    out = tmp_path / "out.png"
    assert nanodesk("edit", photo, *EDIT, "--mask", tmp_path / "mask.png", "-o", out)[0] == 0
    before, after = read(photo)[..., :3].astype(int), read(out)[..., :3].astype(int)
    outside = mask == 0
    assert np.array_equal(after[outside], before[outside])
    assert np.abs(after - before)[120:180, 120:180].mean() > 5


def test_max_cost_and_ceilings_hold_before_anything_leaves(service, home, photo, nanodesk):
    for words, said in (
        (["--max-cost", "0.01"], "--max-cost"),
        (["--max-cost", "5", "--model", "nano-next-picture"], "not known"),
    ):
        status, told, _ = nanodesk("edit", photo, *EDIT, *words)
        assert status == 5
        assert said in told["error"]
    settings = Settings.load(home / "config" / "nanodesk")
    settings.day_ceiling = 0.05
    settings.save()
    assert nanodesk("edit", photo, *EDIT, "--max-cost", "$0.10")[0] == 0
    status, told, _ = nanodesk("edit", photo, *EDIT)
    assert (status, told["remedy"]) == (5, "ceiling")
    assert "ceiling" in told["error"]
    assert len(service.generated) == 1


def test_an_address_that_is_none_is_said(home, photo, nanodesk, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "some-key")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "https://[")
    for verb in ("plan", "edit"):
        status, told, _ = nanodesk(verb, photo, *EDIT)
        assert status == 5
        assert "GOOGLE_GEMINI_BASE_URL" in told["error"]
    finding = {one["name"]: one for one in nanodesk("doctor")[1]["findings"]}
    assert not finding["gemini host"]["good"]


def test_the_settings_say_how_the_service_is_reached(home, photo, nanodesk, monkeypatch):
    from tests.wire.asked import KEY

    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    with serving() as server:
        settings = Settings.load(home / "config" / "nanodesk")
        settings.base_url, settings.api_version = f"{server.url}/gw", "v1beta"
        settings.save()
        assert nanodesk("edit", photo, *EDIT)[0] == 0
        assert server.generated[0].path.startswith("/gw/v1beta/")


def test_several_pictures_of_one_answer_are_several_candidates(service, photo, tmp_path, nanodesk):
    service.will(scenarios.answers(picture_part(plain((200, 0, 0))), picture_part(plain((0, 200, 0)))))
    status, told, _ = nanodesk("edit", photo, *EDIT, "-o", tmp_path / "out.png")
    assert status == 0
    assert [Path(one).name for one in told["outputs"]] == ["out.png", "out-2.png"]
