"""What stood in the way of an answer, as one plain sentence each, whether it may have been charged, and what to do.

Google charges nothing for a request that it answers with an error; one whose answer was lost may have been done.
"""

from __future__ import annotations

import json
import re
import ssl
import zlib
from dataclasses import dataclass
from typing import Any, Protocol

from nanodesk.document.run import Charged, Remedy
from nanodesk.engines.errors import EngineError, MissingKeyError, ServiceError
from nanodesk.engines.google.endings import told

LONGEST_WAIT_S = 60.0
USUAL_WAIT_S = 20.0
BUSY_WAITS_S = (1.0, 2.0, 4.0, 8.0)
_DELAY = re.compile(r"^(\d+(?:\.\d+)?)s$")


class Named(Protocol):
    """A model, as far as a sentence needs it."""

    @property
    def id(self) -> str:
        """What the service calls it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def successor(self) -> str:
        """The model to use instead of a retired one."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure of one request.

    Attributes:
        wait_s: after so long it may be tried again by itself; none: never by itself.
        doing: what is said while waiting ("The service is busy").
        other_version: the other API version may take it.
        signature: what an earlier turn was signed with is not good any more.
    """

    error: EngineError
    wait_s: float | None = None
    doing: str = ""
    other_version: bool = False
    signature: bool = False


def told_without(fault: Fault, secret: str) -> Fault:
    """The same, with a key left out that the service quotes back."""
    fault.error.args = tuple(str(one).replace(secret, "…") for one in fault.error.args)
    return fault


def fault_of(error: Exception, model: Named, host: str, *, sent: bool, attempt: int = 0) -> Fault:
    """What an exception of an exchange means.

    Args:
        sent: whether the whole request had left.
        attempt: how often it was tried before.
    """
    from google.genai import errors

    if isinstance(error, EngineError):
        return Fault(error)
    if isinstance(error, errors.APIError):
        return _of_service(error, model, attempt)
    return _of_connection(error, host, sent=sent, attempt=attempt) or _of_answer(error)


def _service(sentence: str, charged: Charged = Charged.NO, remedy: Remedy = Remedy.RUN_AGAIN) -> ServiceError:
    return ServiceError(told(sentence, charged), charged=charged, remedy=remedy)


def _lost(sentence: str) -> Fault:
    """The request left and the answer did not come: it is never sent again by itself."""
    return Fault(_service(sentence, Charged.MAYBE, Remedy.ASK_AGAIN))


# The connection


def _of_connection(error: Exception, host: str, *, sent: bool, attempt: int) -> Fault | None:
    import httpx2

    from nanodesk.engines.google import transport

    match error:
        case transport.RedirectedError():
            return Fault(
                _service(
                    f"{host} sent the request on to another address, which was refused: keys and pictures do not"
                    " follow. Look at the base URL and the proxy.",
                    remedy=Remedy.CONNECTION,
                )
            )
        case transport.StalledError():
            return _lost("The answer began and then stopped coming.")
        case TimeoutError() | httpx2.TimeoutException():
            return _too_slow(error, host, sent=sent, attempt=attempt)
        case httpx2.ProxyError():
            return Fault(bad_proxy("The proxy refused the connection. Look at its address."))
        case httpx2.ConnectError():
            return _not_connected(error, host, attempt)
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
            return Fault(bad_address())
        case httpx2.TransportError() if sent:
            return _lost("The connection broke before the whole answer was here.")
        case httpx2.TransportError():
            return Fault(_service("The connection broke while the request was being sent."))
    return None


def _too_slow(error: Exception, host: str, *, sent: bool, attempt: int) -> Fault:
    import httpx2

    if sent:
        return _lost("The answer did not come within the time limit.")
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return _unreached(f"{host} could not be reached within the time limit.", attempt)
    return Fault(_service("The request did not leave within the time limit."))


def _not_connected(error: Exception, host: str, attempt: int) -> Fault:
    cause = _certificate(error)
    if cause is None:
        return _unreached(f"{host} could not be reached. Look at the network connection.", attempt)
    if cause.verify_code in (9, 10):  # not yet valid, expired
        sentence = f"The certificate of {host} is out of date for this computer. Check the clock."
    else:
        sentence = f"The certificate of {host} is not trusted here, so nothing was sent. Look at the proxy."
    return Fault(_service(sentence, remedy=Remedy.CONNECTION))


def _certificate(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _unreached(sentence: str, attempt: int) -> Fault:
    return Fault(_service(sentence), _backing_off(attempt), "No connection")


def _backing_off(attempt: int) -> float | None:
    return BUSY_WAITS_S[attempt] if attempt < len(BUSY_WAITS_S) else None


def bad_address() -> ServiceError:
    """What is said when there can be nothing at the base URL."""
    return _service("The base URL is not one that can be reached.", remedy=Remedy.CONNECTION)


def bad_proxy(sentence: str = "The address of the proxy is not one that can be used. Look at it.") -> ServiceError:
    """What is said when the proxy stands in the way; its address may hold a password and is not quoted."""
    return _service(sentence, remedy=Remedy.CONNECTION)


# An answer that is none


def _of_answer(error: Exception) -> Fault:
    from nanodesk.engines.google import transport

    match error:
        case transport.TooLargeError():
            return _answered("The answer was larger than any picture and was refused.")
        case transport.UnknownPackingError() | zlib.error():
            return _answered("The answer was packed in a way that cannot be read.")
        case json.JSONDecodeError() | UnicodeDecodeError():
            return _answered("The answer was cut or is not what this service answers; a proxy may have changed it.")
        case RecursionError() | ValueError() | TypeError() | AttributeError() | KeyError():
            return _answered("The answer is not in the form that this service uses.")
    raise error


def _answered(sentence: str) -> Fault:
    return Fault(_service(sentence, Charged.MAYBE, Remedy.ASK_AGAIN))


# The service says no


def _of_service(error: Any, model: Named, attempt: int) -> Fault:
    code = int(error.code or 0)
    match code:
        case 400:
            return _bad_request(error)
        case 401:
            return Fault(bad_key("The key is not valid."))
        case 403:
            return _not_allowed(error, model)
        case 404:
            return _not_found(model)
        case 407:
            return Fault(bad_proxy("The proxy asks for a name and password. Put them into its address."))
        case 413:
            sentence = "The request is larger than the service takes. Send fewer or smaller references."
            return Fault(_service(sentence, remedy=Remedy.REWORD))
        case 429:
            return _too_much(error, model, attempt)
        case 408 | 500 | 502 | 503 | 504:
            sentence = f"The service is not able to answer now (error {code})."
            return Fault(_service(sentence), _backing_off(attempt), "The service is busy")
    return Fault(_service(f"The service refused the request (error {code}).{_quoted(error)}"))


def _bad_request(error: Any) -> Fault:
    said = str(error.message or "")
    if "API_KEY_INVALID" in _reasons(error) or "API key not valid" in said:
        return Fault(bad_key("The key is not valid."))
    if re.search(r"signature", said, re.IGNORECASE):
        sentence = "The model could not go on from that answer; the conversation starts anew."
        return Fault(_service(sentence), signature=True)
    if re.search(r"location is not supported", said, re.IGNORECASE):
        return Fault(_service("Google does not offer this model in your country.", remedy=Remedy.NONE))
    unknown = re.search(r"unknown name|cannot find field|not supported in api version", said, re.IGNORECASE) is not None
    sentence = f"The service did not take the request.{_quoted(error)}"
    return Fault(_service(sentence, remedy=Remedy.OTHER_MODEL), other_version=unknown)


def bad_key(sentence: str) -> MissingKeyError:
    """What is said of a key that is not good for this."""
    return MissingKeyError(told(f"{sentence} Enter another one.", Charged.NO), remedy=Remedy.KEY)


def _not_allowed(error: Any, model: Named) -> Fault:
    reasons = _reasons(error)
    if "SERVICE_DISABLED" in reasons:
        return Fault(bad_key("The Gemini API is not switched on for the project of this key."))
    if reasons & {"API_KEY_SERVICE_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED"}:
        return Fault(bad_key("The key is restricted and may not be used here."))
    if "API_KEY_INVALID" in reasons:
        return Fault(bad_key("The key is not valid."))
    return Fault(bad_key(f"The service does not let this key use {model.name}.{_quoted(error)}"))


def _not_found(model: Named) -> Fault:
    if model.successor:
        sentence = f"{model.name} is not offered any more. Its successor is {model.successor}."
    else:
        sentence = f"The service knows no model “{model.id}”, or it was retired. Choose another model."
    error = ServiceError(told(sentence, Charged.NO), remedy=Remedy.OTHER_MODEL, successor=model.successor)
    return Fault(error, other_version=True)


def _too_much(error: Any, model: Named, attempt: int) -> Fault:
    quotas = list(_quotas(error))
    if any(_is_zero(one, str(error.message or "")) for one in quotas):
        return Fault(
            _service(
                f"This key has no quota for {model.name}: picture models need a project with billing.",
                remedy=Remedy.KEY,
            )
        )
    wait = _told_wait(error)
    daily = any("PerDay" in str(one.get("quotaId", "")) for one in quotas)
    if daily or (wait is not None and wait > 3600):
        sentence = f"Today's quota for {model.name} is used up; it starts anew at midnight Pacific time."
        return Fault(_service(sentence, remedy=Remedy.OTHER_MODEL))
    if wait is not None and wait > LONGEST_WAIT_S:
        return Fault(_service(f"The service takes no more requests for {wait:.0f} s."))
    again = (wait if wait is not None else USUAL_WAIT_S) if attempt < 3 else None
    return Fault(
        _service("More requests were sent than the service takes in a minute."), again, "The minute's quota is used"
    )


def _is_zero(quota: dict[str, Any], said: str) -> bool:
    """Whether a quota is none at all; a number of zero may be left out of the JSON, as all defaults may."""
    value = quota.get("quotaValue")
    if value is None:
        return "FreeTier" in str(quota.get("quotaId", "")) or re.search(r"limit: 0\b", said) is not None
    return str(value) == "0"


def _details(error: Any) -> list[dict[str, Any]]:
    """The typed details of an error's body, whatever it is made of."""
    body = error.details
    inner = body.get("error", body) if isinstance(body, dict) else None
    found = inner.get("details") if isinstance(inner, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _reasons(error: Any) -> set[str]:
    return {str(one["reason"]) for one in _details(error) if "reason" in one}


def _quotas(error: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in _details(error):
        violations = one.get("violations")
        if isinstance(violations, list):
            found += [violation for violation in violations if isinstance(violation, dict)]
    return found


def _told_wait(error: Any) -> float | None:
    """The wait that the service asks for, seconds: in the body, or in the header `Retry-After`."""
    for one in _details(error):
        told_delay = _DELAY.match(str(one.get("retryDelay", "")))
        if told_delay:
            return float(told_delay[1])
    headers = getattr(error.response, "headers", None)
    after = headers.get("retry-after", "") if headers is not None else ""
    return float(after) if after.isdecimal() else None


def _quoted(error: Any) -> str:
    """The service's own sentence, short and in one line; nothing where it sent a page."""
    said = " ".join(str(error.message or "").split())
    if not said or "<" in said:
        return ""
    return f" It says: “{said if len(said) <= 200 else said[:199].rstrip() + '…'}”."
