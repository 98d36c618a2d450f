"""What can be named, and how engines stand: told without sending a picture."""

from nanodesk.cli.main import main
from nanodesk.storage.settings import Settings
from tests.wire import scenarios


def test_models_are_listed_as_the_service_has_them_and_as_known(service, photo, nanodesk, monkeypatch, capsys):
    status, told, _ = nanodesk("models")
    assert (status, told["live"]) == (0, True)
    assert told["dated"] in told["note"]
    known = {one["id"]: one for one in told["models"]}
    assert known["gemini-nano-banana-2.1"]["default"]
    assert known["gemini-nano-banana-2.1"]["price"]["1K"] > 0
    assert "nano-next-picture" in known
    service.will(scenarios.fails(503, "UNAVAILABLE"), scenarios.fails(503, "UNAVAILABLE"))
    status, told, _ = nanodesk("models")
    assert (status, told["live"]) == (0, False)
    assert "nano-next-picture" not in {one["id"] for one in told["models"]}
    monkeypatch.delenv("GEMINI_API_KEY")
    before = len(service.asked)
    assert main(["models"]) == 0
    assert "Without a key" in capsys.readouterr().out
    assert len(service.asked) == before


def test_doctor_tells_of_key_host_and_consent_and_asks_nobody(service, home, nanodesk, monkeypatch):
    def findings():
        return {one["name"]: one for one in nanodesk("doctor")[1]["findings"]}

    found = findings()
    assert "GEMINI_API_KEY" in found["gemini key"]["detail"]
    assert "127.0.0.1" in found["gemini host"]["detail"]
    assert "not given" in found["gemini consent"]["detail"]
    assert "no key store" in found["key store"]["detail"]
    settings = Settings.load(home / "config" / "nanodesk")
    settings.consent("gemini", "127.0.0.1")
    settings.save()
    assert "given on 20" in findings()["gemini consent"]["detail"]
    settings.consent("gemini", "elsewhere.example")
    settings.save()
    assert "another host" in findings()["gemini consent"]["detail"]
    monkeypatch.delenv("GEMINI_API_KEY")
    found = findings()
    assert not found["gemini key"]["good"]
    assert not found["engine gemini"]["good"]
    assert service.asked == []
