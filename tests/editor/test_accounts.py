"""Keys come from where they should, are tried out before they are taken, and wait for no key store."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nanodesk.editor.accounts import Accounts, KeySource
from nanodesk.editor.engine_list import EngineList
from nanodesk.editor.workspace import Workspace, default_engines
from nanodesk.engines.errors import ServiceError
from nanodesk.storage.key_store import Key, KeyStore, KeyStoreError
from nanodesk.storage.settings import Settings
from tests.storage.test_key_store import Broken, Vault


def accounts(vault=None, environment=None, settings=None, check=None):
    made = Accounts(settings or Settings(), KeyStore(vault or Vault()), environment or {})
    if check is not None:
        made.checked_by("gemini", check)
    return made


async def good(key):
    return "" if key.reveal() == "good" else "The key is not valid."


def heard(made):
    calls = []
    made.changed.connect(lambda: calls.append(made.source("gemini")))
    return calls


async def test_the_environment_comes_first_then_the_key_store():
    vault = Vault()
    vault.kept["nanodesk", "gemini"] = "stored"
    made = accounts(vault)
    calls = heard(made)
    assert made.source("gemini") is KeySource.NONE
    assert made.key("gemini") is None
    await made.load()
    assert made.key("gemini") == Key("stored")
    assert calls == [KeySource.KEY_STORE]
    made = accounts(vault, {"GOOGLE_API_KEY": "set"})
    await made.load()
    assert (made.key("gemini"), made.source("gemini")) == (Key("set"), KeySource.ENVIRONMENT)
    assert made.environment_name == "GOOGLE_API_KEY"
    assert made.key("other") is None


async def test_a_key_is_taken_when_the_service_takes_it():
    vault, settings = Vault(), Settings()
    made = accounts(vault, settings=settings, check=good)
    assert await made.enter("gemini", "bad", remember=True) == "The key is not valid."
    assert "spaces" in await made.enter("gemini", "two words", remember=True)
    assert (made.key("gemini"), vault.kept) == (None, {})
    calls = heard(made)
    assert await made.enter("gemini", " good\n", remember=True) == ""
    assert calls == [KeySource.KEY_STORE]
    assert vault.kept == {("nanodesk", "gemini"): "good"}
    assert settings.key_kept("gemini")
    assert await made.refresh("gemini") == ""


async def test_a_key_for_this_session_is_kept_nowhere():
    vault = Vault()
    made = accounts(vault, check=good)
    assert await made.enter("gemini", "good", remember=False) == ""
    assert (made.source("gemini"), vault.kept) == (KeySource.SESSION, {})
    assert await made.forget("gemini") == ""
    assert made.source("gemini") is KeySource.NONE
    assert await made.refresh("gemini") == "There is no key."


async def test_a_good_key_that_cannot_be_remembered_is_used_for_the_session():
    made = accounts(Broken(OSError("no")), check=good)
    assert await made.enter("gemini", "good", remember=True) == ""
    assert made.source("gemini") is KeySource.SESSION
    assert "OSError" in made.store_fault


async def test_what_is_entered_comes_before_the_environment_until_it_is_forgotten():
    vault = Vault()
    made = accounts(vault, {"GEMINI_API_KEY": "set"}, check=good)
    assert await made.enter("gemini", "good", remember=True) == ""
    assert made.key("gemini") == Key("good")
    assert "GEMINI_API_KEY" in await made.forget("gemini")
    assert (made.key("gemini"), vault.kept) == (Key("set"), {})


async def test_forgetting_says_when_the_store_would_not(monkeypatch):
    vault = Vault()
    made = accounts(vault, check=good)
    await made.enter("gemini", "good", remember=True)
    monkeypatch.setattr(vault, "get_password", Broken(OSError()).get_password)
    assert "may still be in" in await made.forget("gemini")
    assert made.key("gemini") is None


async def test_a_check_that_fails_by_itself_is_its_sentence():
    async def broken(_):
        raise ServiceError("The address is not one.")

    made = accounts(check=broken)
    assert await made.enter("gemini", "good", remember=False) == "The address is not one."


async def test_the_store_is_left_alone_where_it_holds_nothing_of_ours():
    class Untouched(Vault):
        def get_password(self, service, username):
            raise AssertionError("asked")

    settings = Settings()
    made = accounts(Untouched(), settings=settings)
    await made.load(only_where_kept=True)
    assert made.store_fault == ""
    settings.keep_key("gemini", True)
    vault = Vault()
    vault.kept["nanodesk", "gemini"] = "stored"
    made = accounts(vault, settings=settings)
    await made.load(only_where_kept=True)
    assert made.source("gemini") is KeySource.KEY_STORE


class Locked(Vault):
    """Waits to be unlocked."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Event()

    def get_password(self, service, username):
        self.gate.wait(20)
        return "stored"


async def test_a_locked_store_is_given_up_in_time_and_the_loop_goes_on():
    vault = Locked()
    made = accounts(vault)
    loading = asyncio.create_task(made.load(patience_s=0.05))
    turns = 0
    while not loading.done():
        turns += 1
        await asyncio.sleep(0.002)
    assert turns > 3
    assert "unlocked" in made.store_fault
    vault.gate.set()
    await asyncio.sleep(0.05)
    assert made.key("gemini") is None


async def test_closing_waits_for_no_store():
    vault = Locked()
    made = accounts(vault)
    loading = asyncio.create_task(made.load())
    await asyncio.sleep(0.01)
    made.close()
    await asyncio.wait_for(loading, 2)
    assert "closed" in made.store_fault
    vault.gate.set()


async def test_a_system_without_a_store_says_so_without_unlocking_anything():
    made = Accounts(Settings(), KeyStore(), {})  # the tests' own backend keeps nothing
    assert "offers no key store" in await made.store_there()
    assert await accounts().store_there() == ""
    with pytest.raises(KeyStoreError):
        KeyStore().get("gemini")


def test_the_way_is_that_of_the_environment_then_of_the_settings():
    settings = Settings()
    made = accounts(settings=settings)
    assert made.host("gemini") == "generativelanguage.googleapis.com"
    assert made.host("on-device") == ""
    made.reach(base_url="https://gate.example/gw", proxy="http://10.0.0.1:3128", api_version="v1")
    way = made.connection()
    assert (way.url, way.proxy, way.versions) == ("https://gate.example/gw", "http://10.0.0.1:3128", ("v1",))
    assert way.salt == settings.salt
    named = accounts(environment={"GOOGLE_GEMINI_BASE_URL": " https://other.example "}, settings=settings)
    assert named.host("gemini") == "other.example"
    for words in ({"base_url": "nowhere", "proxy": ""}, {"base_url": "", "proxy": "nowhere"}):
        with pytest.raises(ValueError, match="not complete"):
            made.reach(**words, api_version="")
    assert made.connection().url == "https://gate.example/gw"


@pytest.mark.parametrize("url", ["https://[", "nowhere", "https://"])
def test_an_address_of_the_environment_that_is_none_is_said(url):
    made = accounts(environment={"GOOGLE_GEMINI_BASE_URL": url})
    with pytest.raises(ServiceError, match="GOOGLE_GEMINI_BASE_URL"):
        made.connection()
    assert made.host("gemini") == ""


def test_consent_is_for_a_host_and_can_be_withdrawn():
    made = accounts()
    assert not made.consented("gemini")
    calls = heard(made)
    made.consent("gemini")
    assert made.consented("gemini")
    assert made.consented_at("gemini") > 0
    made.reach(base_url="https://gate.example", proxy="", api_version="")
    assert not made.consented("gemini")
    made.consent("gemini", for_now=True)
    assert made.consented("gemini")
    made.withdraw("gemini")
    assert not made.consented("gemini")
    assert made.consented_at("gemini") is None
    assert len(calls) == 4


def test_the_agent_platform_is_reached_where_its_project_is():
    settings = Settings()
    made = accounts(settings=settings, environment={"GOOGLE_CLOUD_PROJECT": "found-somewhere"})
    assert made.platform().project == ""
    calls = heard(made)
    made.use_platform("my-project", "")
    assert (made.platform().project, made.platform().location) == ("my-project", "us-central1")
    assert made.host("imagen") == "us-central1-aiplatform.googleapis.com"
    assert made.platform().connection.salt == settings.salt
    with pytest.raises(ValueError, match="small letters"):
        made.use_platform("a/../b", "")
    assert made.platform().project == "my-project"
    assert len(calls) == 1


def test_automatic_never_means_an_engine_of_special_tasks():
    made = accounts()
    made.use_platform("my-project", "")
    made.consent("imagen")
    engines = EngineList(default_engines(made), made.consented)
    assert engines.chosen("imagen").info.ready
    assert engines.chosen("auto").info.id == "on-device"


async def test_a_project_sees_the_key_as_soon_as_it_came(tmp_path):
    settings = Settings()
    vault = Vault()
    made = accounts(vault, settings=settings)
    workspace = Workspace(default_engines(made), settings, tmp_path / "recovery", made, state=tmp_path)
    project = workspace.new()

    def gemini():
        return next(info for info in project.runs.engines() if info.id == "gemini")

    assert (gemini().ready, gemini().needs_key) == (False, True)
    vault.kept["nanodesk", "gemini"] = "stored"
    await made.load()
    assert gemini().ready
    assert project.spending.today == 0.0
    settings.day_ceiling = 1.0
    assert project.spending.day_ceiling == 1.0
    await workspace.shut_down()


def test_engines_and_accounts_load_no_library_until_they_are_needed(tmp_path):
    code = (
        "import sys\n"
        "from nanodesk.editor.workspace import Workspace\n"
        "for space in (Workspace.headless(), Workspace.for_desktop()):\n"
        "    project = space.new()\n"
        "    assert {info.id for info in project.runs.engines()} == {'on-device', 'gemini', 'imagen'}\n"
        "    project.runs.plan_sentence('add steam', 'gemini')\n"
        "    space.accounts.consented('gemini')\n"
        "heavy = {'google.genai', 'google.auth', 'httpx2', 'keyring', 'cv2', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[2],
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "nanodesk" / "settings.json").exists()
