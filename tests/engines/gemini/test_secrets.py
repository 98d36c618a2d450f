"""The key, the pictures and the words show up nowhere but on the wire."""

import gc
import logging
import traceback

import pytest

from nanodesk.engines.gemini.exchange import Exchange
from tests.engines.gemini.ending_table import ENDINGS
from tests.engines.gemini.made import Secret, asking, reference
from tests.wire import scenarios as wire

CANARY = "canary-9f2c-key-that-must-not-be-seen"
WORDS = "paint the unmentionable walrus"


@pytest.fixture
def watched(rig, caplog):
    """The rig with a key to look for, and a log that takes everything."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx2", "httpcore2", "httpcore", "google_genai", "asyncio", "nanodesk"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    rig.key = Secret(CANARY)
    rig.server.key = CANARY
    yield rig
    for name in ("httpx2", "httpcore2", "httpcore", "asyncio", "nanodesk"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.getLogger("google_genai").setLevel(logging.ERROR)


async def test_a_good_run_shows_nothing(watched, caplog, capsys):
    outcome = (await watched.run(asking(WORDS, references=(reference("Cat"),)))).well()
    seen = caplog.text + "".join(capsys.readouterr()) + repr(outcome.events) + repr(watched.engine.info)
    assert CANARY not in seen
    assert WORDS not in seen
    assert "iVBORw0K" not in caplog.text
    assert CANARY not in watched.server.asked[0].path


@pytest.mark.parametrize("name", ENDINGS)
async def test_no_ending_shows_the_key(watched, caplog, capsys, name):
    watched.server.always(ENDINGS[name].scenario)
    outcome = await watched.run(asking(WORDS))
    told = "".join(traceback.format_exception(outcome.failure))
    seen = caplog.text + "".join(capsys.readouterr()) + told + repr(outcome.failure.__dict__) + repr(outcome.events)
    assert CANARY not in seen
    assert WORDS not in seen


async def test_a_refused_check_shows_nothing(watched, caplog):
    watched.server.always(wire.forbids())
    assert CANARY not in await watched.engine.check(watched.key)
    assert CANARY not in caplog.text


@pytest.mark.parametrize("code", [400, 403, 418])
async def test_a_key_that_the_service_quotes_is_left_out(watched, code):
    watched.server.always(wire.fails(code, "DENIED", f"Consumer 'api_key:{CANARY}' has been suspended."))
    failure = (await watched.run()).failure
    checked = await watched.engine.check(watched.key)
    for sentence in (str(failure), repr(failure), checked):
        assert "Consumer 'api_key:…' has been suspended." in sentence
        assert CANARY not in sentence


async def test_nothing_that_is_built_has_the_key_in_its_repr(watched):
    exchange = Exchange(watched.connection, watched.key, "v1")
    try:
        seen = [repr(exchange), repr(exchange._client), repr(watched.engine), repr(watched.connection)]
    finally:
        await exchange.aclose()
    assert CANARY not in "".join(seen)


async def test_nothing_of_a_run_stays_in_memory(rig):
    (await rig.run()).well()
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, Exchange)]
