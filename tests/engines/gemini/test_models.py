"""The models as dated data: what each takes, what it costs, what follows it, and what the service lists."""

import datetime as dt
import json

import pytest

from nanodesk.document.geometry import Rect, Size
from nanodesk.document.run import RunOptions
from nanodesk.engines.base import Outline
from nanodesk.engines.gemini.models import catalogue, text_models
from nanodesk.engines.gemini.pricing import Counted, total
from nanodesk.resources import resource_path
from tests.engines.gemini.made import asking
from tests.wire import scenarios as wire
from tests.wire.acceptance import MODELS

DATA = json.loads(resource_path("engine", "gemini_models.json").read_text("utf-8"))
PICTURE_MODELS = [name for name, known in MODELS.items() if "ratios" in known]


@pytest.mark.parametrize("thinking", ["", "minimal", "high"])
@pytest.mark.parametrize("model", PICTURE_MODELS)
async def test_every_model_works_with_only_the_fields_that_it_takes(rig, model, thinking):
    outcome = (await rig.run(asking(model=model, thinking=thinking))).well()  # the server refuses any other
    assert outcome.candidates
    config = rig.server.asked[0].config
    levels = catalogue().get(model).thinking
    assert ("thinkingConfig" in config) is bool(levels)
    if levels:
        expected = {"include_thoughts": True}
        if thinking in levels:
            expected["thinking_level"] = thinking.upper()
        assert config["thinkingConfig"] == expected


async def test_a_level_that_the_model_does_not_know_is_left_out(rig):
    (await rig.run(asking(thinking="extreme"))).well()
    assert rig.server.asked[0].config["thinkingConfig"] == {"include_thoughts": True}


async def test_an_unknown_model_is_used_with_careful_settings(rig):
    outcome = (await rig.run(asking(model="models/nano-next-picture"))).well()
    assert outcome.notes == ["nano-next-picture is not known to this version of Nanodesk; its price is not known."]
    assert outcome.usage.cost is None
    assert outcome.usage.input_tokens == 1324
    shown = rig.engine.outgoing(asking(model="nano-next-picture"))
    assert shown.cost is None
    assert rig.engine.plan(("x",), Outline(options=RunOptions(model="nano-next-picture"))).cost is None


async def test_the_version_that_answered_is_told(rig):
    from nanodesk.engines.base import UsageReported

    assert [event.model for event in (await rig.run()).well().of(UsageReported)] == ["gemini-nano-banana-2.1-001"]


def test_the_table_is_whole():
    dt.date.fromisoformat(DATA["dated"])
    assert len({row["id"] for row in DATA["models"]}) == len(DATA["models"])
    for row in DATA["models"]:
        assert row["role"] in {"draft", "edit", "final"}
        assert set(row["price"]) == set(row["sizes"]) == set(row["output_tokens"])
        assert all(0 < price < 1 for price in row["price"].values())
        assert row["concurrency"] >= 1
        for date in (row["released"], row["shutdown"]):
            assert date is None or dt.date.fromisoformat(date).year >= 2026
        assert row["successor"] is None or row["successor"] in {other["id"] for other in DATA["models"]}
        assert bool(row["shutdown"]) == bool(row["successor"])


def test_the_retired_name_their_successors():
    alive = {row["id"] for row in DATA["models"]}
    for name, row in DATA["retired"].items():
        assert name not in alive
        assert row["successor"] in alive
        assert dt.date.fromisoformat(row["shutdown"]) <= dt.date.fromisoformat(DATA["dated"])
        assert catalogue().get(name).retired
        assert catalogue().get(name).info.note == f"Retired on {row['shutdown']}."


def test_models_fit_what_the_service_takes():
    for row in DATA["models"]:
        known = MODELS[row["id"]]
        model = catalogue().get(row["id"])
        assert set(model.ratios) == known["ratios"]
        assert (set(model.sizes) if model.sends_size else None) == known["sizes"]
        assert {level.upper() for level in model.thinking} == (known["thinking"] or set())


def test_an_answer_has_its_ratio_at_every_size():
    table = catalogue()
    for ratio in table.default.ratios:
        across, down = map(int, ratio.split(":"))
        for size, factor in {"512": 0.5, "1K": 1, "2K": 2, "4K": 4}.items():
            pixels = table.pixels(ratio, size)
            assert pixels.width / pixels.height == pytest.approx(across / down, rel=0.05)
            assert pixels.area == pytest.approx((1024 * factor) ** 2, rel=0.12)


def test_roles_are_all_there_and_the_default_edits():
    assert {model.role for model in catalogue().models()} == {"draft", "edit", "final"}
    assert catalogue().default.id == "gemini-nano-banana-2.1"
    assert catalogue().get("") is catalogue().default
    assert text_models()[0][0] == "gemini-3.8-flash"


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("gemini-nano-banana-2.1", ""),
        ("gemini-2.5-flash-image", "May be switched off from 2027-03-15."),
        ("something", "Not known to this version; used with careful settings, its price is not known."),
    ],
)
def test_what_should_be_known_before_choosing_a_model(name, note):
    assert catalogue().get(name).info.note == note


async def test_the_live_list_is_merged_in(rig):
    rig.server.will(wire.lists("gemini-9-banana", "gemini-9-flash", "gemini-embedding-9", "gemini-3-pro-image-preview"))
    assert await rig.engine.check(rig.key) == ""
    names = [model.id for model in rig.engine.info.models]
    assert names[: len(DATA["models"])] == [row["id"] for row in DATA["models"]]
    assert names[len(DATA["models"]) :] == ["gemini-9-banana", "gemini-3-pro-image-preview"]
    assert not rig.engine.table.get("gemini-3-pro-image-preview").retired  # the service says that it is there


async def test_a_long_list_is_read_page_by_page(rig):
    from tests.wire.replies import listed

    rig.server.will(wire.says({**listed(["a-banana"]), "nextPageToken": "next"}), wire.lists("b-banana"))
    assert await rig.engine.check(rig.key) == ""
    assert [one.path for one in rig.server.asked] == [
        "/v1/models?pageSize=200",
        "/v1/models?pageSize=200&pageToken=next",
    ]
    assert {"a-banana", "b-banana"} <= {model.id for model in rig.engine.info.models}


async def test_a_list_without_end_is_left(rig):
    from tests.wire.replies import listed

    rig.server.always(wire.says({**listed([f"banana-{n}" for n in range(500)]), "nextPageToken": "again"}))
    assert await rig.engine.check(rig.key) == ""
    assert len(rig.server.asked) == 4


@pytest.mark.parametrize(
    ("scenario", "says", "requests"),
    [
        (wire.fails(400, "INVALID_ARGUMENT", "API key not valid."), "The key is not valid.", 1),
        (wire.forbids("SERVICE_DISABLED"), "not switched on", 1),
        (wire.quota(value="0"), "no quota", 1),
        (wire.fails(500, "INTERNAL"), "error 500", 1),
        (wire.drops, "broke while the request", 1),
        (wire.sends(b"<html>"), "a proxy may have changed it", 1),
        (wire.fails(404, "NOT_FOUND"), "knows no model", 2),
    ],
)
async def test_a_key_is_checked_on_entry(rig, scenario, says, requests):
    rig.server.always(scenario)
    assert says in await rig.engine.check(rig.key)
    assert len(rig.server.asked) == requests
    assert not rig.pauses


async def test_an_impossible_key_is_checked_without_the_service(rig):
    from tests.engines.gemini.made import Secret

    assert "characters that no key has" in await rig.engine.check(Secret("ü"))
    assert not rig.server.asked


async def test_checking_finds_the_version_that_works(rig):
    rig.server.only_version = "v1beta"
    assert await rig.engine.check(rig.key) == ""
    (await rig.run()).well()
    assert [one.version for one in rig.server.asked] == ["v1", "v1beta", "v1beta"]


def test_a_plan_says_what_will_be_sent_without_any_pixel(rig):
    outline = Outline(Size(4000, 3000), references=2, options=RunOptions(candidates=3), selected=Rect(0, 0, 50, 50))
    plan = rig.engine.plan(("Red", " "), outline)
    assert (plan.engine, plan.model, plan.sends, plan.pictures, plan.candidates) == (
        "gemini",
        "gemini-nano-banana-2.1",
        True,
        3,
        3,
    )
    assert plan.size == "1K"  # only the surroundings of the selection are sent
    assert [edit.understood for edit in plan.edits] == [True, False]
    one = 0.0336 + plan.tokens * 1.5e-6 + 300 * 7.5e-6
    assert plan.cost == pytest.approx(3 * one, abs=1e-5)
    assert plan.tokens == pytest.approx(3 * 1120 + 900 / 4, abs=20)
    assert not plan.refusal


def test_a_plan_for_a_retired_model_says_so(rig):
    plan = rig.engine.plan(("x",), Outline(options=RunOptions(model="imagen-4.0-ultra-generate-001", size="2K")))
    assert "was retired on 2026-08-17. Its successor is gemini-3-pro-image." in plan.refusal
    assert plan.successor == "gemini-3-pro-image"


@pytest.mark.parametrize(
    ("model", "counted", "cost"),
    [
        ("gemini-2.5-flash-image", Counted(1000, 1290, 0, 0), 1290 * 30e-6),
        ("gemini-3.1-flash-lite-image", Counted(1000, 1120, 10, 100), 0.034 + 1000 * 0.25e-6 + 110 * 1.5e-6),
        ("gemini-3-pro-image", Counted(0, 2000, 0, 0), 0.24),
        ("gemini-nano-banana-2.1", Counted(2000, 1120, 40, 60), 0.0336 + 0.003 + 0.00075),
        ("nobody-knows", Counted(2000, 1120), None),
    ],
)
def test_the_cost_is_taken_from_the_services_own_count(model, counted, cost):
    found = counted.cost(catalogue().get(model))
    assert found == (None if cost is None else pytest.approx(cost, abs=1e-6))


def test_a_sum_with_an_unknown_part_is_unknown():
    assert total([Counted(1, 2, 3, 4), Counted(1, 2, 3, 4)], catalogue().get("nobody-knows")).cost is None
    assert total([], catalogue().default).cost is None
