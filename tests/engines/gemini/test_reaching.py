"""The way to the service: TLS, proxies, addresses, limits of time and size."""

import asyncio
import gzip
import json
import socket

import pytest

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.base import ReplyReceived
from nanodesk.engines.google import transport
from nanodesk.engines.google.connection import DEFAULT_URL, Connection
from nanodesk.engines.google.faults import BUSY_WAITS_S
from tests.engines.gemini.made import Rig, Secret, asking
from tests.waiting import until
from tests.wire import scenarios as wire
from tests.wire.certificate import DAY, Authority
from tests.wire.replies import answer, picture_part, plain
from tests.wire.server import serving


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


async def test_tls_works_with_a_certificate_that_is_trusted(authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with serving(authority.context()) as server:
        rig = Rig(server, Connection(server.url))
        assert (await rig.run()).well().candidates


async def test_a_certificate_that_is_not_trusted_stops_everything(authority):
    with serving(authority.context()) as server:
        rig = Rig(server, Connection(server.url))
        failure = (await rig.run()).failure
        assert "The certificate of 127.0.0.1 is not trusted here, so nothing was sent." in str(failure)
        assert failure.remedy is Remedy.CONNECTION
        assert failure.charged is Charged.NO
        assert not server.asked
        assert not rig.pauses


async def test_an_outdated_certificate_asks_for_a_look_at_the_clock(authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with serving(authority.context(lasts=-DAY)) as server:
        failure = (await Rig(server, Connection(server.url)).run()).failure
        assert "Check the clock" in str(failure)
        assert not server.asked


async def test_plain_http_on_the_other_side_of_tls_is_no_connection(rig):
    rig.reach(base_url=rig.server.url.replace("http:", "https:"))
    failure = (await rig.run()).failure
    assert failure.charged is Charged.NO
    assert not rig.server.asked


async def test_a_proxy_is_used_where_one_is_chosen(rig):
    rig.server.is_proxy = True
    rig.reach(base_url="http://models.example/", proxy=rig.server.url)
    assert (await rig.run()).well().candidates
    assert rig.server.tunnels == ["http://models.example/v1/models/gemini-nano-banana-2.1:generateContent"]


async def test_a_proxy_that_refuses_is_named(rig):
    rig.reach(base_url="https://models.example/", proxy=rig.server.url)
    failure = (await rig.run()).failure
    assert "The proxy refused the connection." in str(failure)
    assert failure.remedy is Remedy.CONNECTION
    assert rig.server.tunnels == ["models.example:443"]


@pytest.mark.parametrize("proxy", ["no address", "socks9://127.0.0.1:1", "socks5://user:secret@127.0.0.1:1"])
async def test_an_unusable_proxy_is_said_and_not_quoted(rig, proxy):
    rig.reach(proxy=proxy)
    failure = (await rig.run()).failure
    assert "The address of the proxy is not one that can be used." in str(failure)
    assert "secret" not in str(failure)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://", "nonsense", "http://[::"])
async def test_an_unusable_address_is_said(rig, url):
    rig.reach(base_url=url)
    failure = (await rig.run()).failure
    assert "The base URL is not one that can be reached." in str(failure)
    assert failure.remedy is Remedy.CONNECTION


@pytest.mark.parametrize("key", ["kéy", "key\nwith a line", "sch\u200blüssel"])
async def test_an_impossible_key_is_said_before_anything_is_sent(rig, key):
    rig.key = Secret(key)
    failure = (await rig.run()).failure
    assert "The key holds characters that no key has." in str(failure)
    assert failure.remedy is Remedy.KEY
    assert key not in str(failure)


async def test_a_path_before_the_version_is_kept(rig):
    rig.reach(base_url=f"{rig.server.url}/gw/")
    assert (await rig.run()).well().candidates
    assert rig.server.asked[0].path.startswith("/gw/v1/models/")


async def test_nobody_listens(rig):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    rig.reach(base_url=f"http://127.0.0.1:{port}")
    outcome = await rig.run()
    assert "127.0.0.1 could not be reached. Look at the network connection. Nothing was charged." in str(
        outcome.failure
    )
    assert sum(rig.pauses) == sum(BUSY_WAITS_S)
    assert "No connection; trying again in 8 s" in outcome.progress


async def test_an_answer_that_never_begins_is_given_up_and_not_asked_for_again(rig):
    rig.reach(total_s=1.0)
    rig.server.will(wire.says_nothing)
    failure = (await rig.run()).failure
    assert "did not come within the time limit" in str(failure)
    assert failure.charged is Charged.MAYBE
    assert failure.remedy is Remedy.ASK_AGAIN
    assert rig.server.hung_up.acquire(timeout=5)
    assert len(rig.server.asked) == 1


async def test_an_answer_that_stops_coming_is_given_up(rig):
    rig.reach(stall_s=0.3)
    rig.server.will(wire.stalls)
    failure = (await rig.run()).failure
    assert "began and then stopped coming" in str(failure)
    assert failure.remedy is Remedy.ASK_AGAIN
    assert rig.server.hung_up.acquire(timeout=5)
    assert len(rig.server.asked) == 1


async def test_an_answer_byte_by_byte_is_given_up_by_the_limit_for_the_whole(rig):
    rig.reach(total_s=1.0, stall_s=5.0)
    rig.server.will(wire.trickles)
    assert "did not come within the time limit" in str((await rig.run()).failure)
    assert rig.server.hung_up.acquire(timeout=5)
    assert len(rig.server.asked) == 1


async def test_a_request_that_cannot_leave_was_not_charged(rig, monkeypatch):
    async def slow(self, request):
        raise TimeoutError

    monkeypatch.setattr(transport.TeeTransport, "_answer", slow)
    failure = (await rig.run()).failure
    assert "The request did not leave within the time limit. Nothing was charged." in str(failure)
    assert not rig.pauses


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("ConnectTimeout", "could not be reached within the time limit. Nothing was charged."),
        ("WriteTimeout", "did not leave within the time limit. Nothing was charged."),
        ("WriteError", "broke while the request was being sent. Nothing was charged."),
    ],
)
async def test_what_breaks_before_the_request_has_left_costs_nothing(rig, monkeypatch, error, sentence):
    import httpx2

    async def breaking(self, request):
        raise getattr(httpx2, error)("")

    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", breaking)
    failure = (await rig.run()).failure
    assert sentence in str(failure)
    assert failure.charged is Charged.NO


async def test_keeping_the_answer_may_take_longer_than_the_limit(rig):
    rig.reach(total_s=1.2)
    kinds: list[str] = []
    over: list[bool] = []
    async for event in rig.engine.run(asking()):
        kinds.append(type(event).__name__)
        if isinstance(event, ReplyReceived):
            asyncio.get_running_loop().call_later(1.3, over.append, True)
            await until(lambda: over)
    assert "CandidateOffered" in kinds


@pytest.mark.parametrize("most", [20_000, 1_000_000])
async def test_a_bomb_is_refused_at_the_limit(rig, most):
    rig.reach(most_bytes=most)
    rig.server.will(wire.gzip_bomb)
    outcome = await rig.run()
    assert "larger than any picture and was refused" in str(outcome.failure)
    assert outcome.failure.charged is Charged.MAYBE
    assert not outcome.replies


async def test_an_oversize_answer_is_refused_before_it_is_whole(rig):
    rig.reach(most_bytes=20_000)
    rig.server.will(wire.answers(picture_part(plain(side=256))))
    assert "larger than any picture" in str((await rig.run()).failure)


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
async def test_a_packed_answer_is_unpacked_once(rig, packing):
    rig.server.will(wire.packs(packing))
    outcome = (await rig.run()).well()
    assert outcome.candidates
    assert json.loads(outcome.replies[0].body)["candidates"]


def test_unpacking_stays_bounded():
    unpack = transport._unpacker("gzip")
    parts = iter(unpack(gzip.compress(b"\0" * (8 << 20))))
    assert len(next(iter(parts))) <= transport._UNPACK_AT_ONCE


async def test_an_answer_in_the_other_alphabet_is_read(rig):
    picture = plain()
    rig.server.will(wire.answers(picture_part(picture, url_safe=True)))
    assert (await rig.run()).well().offers[0].picture.data == picture


async def test_an_answer_with_line_breaks_and_escapes_in_its_text_is_read(rig):
    picture = plain()
    whole = answer([picture_part(picture)])
    text = whole["candidates"][0]["content"]["parts"][0]["inlineData"]["data"]
    written = json.dumps(whole).replace(text, "\\n".join(text[at : at + 76] for at in range(0, len(text), 76)))
    rig.server.will(wire.sends(written.replace("/", "\\/").replace("image\\/", "image/").encode()))
    assert (await rig.run()).well().offers[0].picture.data == picture


def test_the_proxy_of_the_system_is_honoured(monkeypatch):
    assert transport.proxy_for(Connection("http://127.0.0.1:1")) is None  # left out by no_proxy
    assert transport.proxy_for(Connection(DEFAULT_URL.replace("https", "http"))) == "http://127.0.0.1:9"
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:7")
    monkeypatch.delenv("http_proxy")
    assert transport.proxy_for(Connection("http://models.example/")) == "http://127.0.0.1:7"
    assert transport.proxy_for(Connection("http://[::")) is None
    assert transport.proxy_for(Connection("http://models.example/", proxy="http://chosen:1")) == "http://chosen:1"


def test_the_host_for_people():
    assert Connection().host == "generativelanguage.googleapis.com"
    assert Connection("https://user@models.example:8443/gw").host == "models.example"
    assert Connection("http://[::").host == "http://[::"


def test_a_mark_of_a_key_says_nothing_of_it_and_is_this_installations():
    key = Secret("secret-key")
    assert Connection(salt="a").account(key) == Connection(salt="a", base_url="http://x").account(Secret("secret-key"))
    assert Connection(salt="a").account(key) != Connection(salt="b").account(key)
    assert Connection(salt="a").account(key) != Connection(salt="a").account(Secret("other-key"))
    assert "secret" not in Connection(salt="a").account(key)
