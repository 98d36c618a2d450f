"""What the SDK is told about HTTP, so that each request goes through our transport and nothing else; loads the SDK."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

import httpx2
from google.genai import types
from google.genai.client import DebugConfig

from nanodesk.engines.google.transport import trust

if TYPE_CHECKING:
    from nanodesk.engines.google.transport import TeeTransport

logging.getLogger("google_genai").setLevel(logging.ERROR)


def _refused(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.UnsupportedProtocol("Everything is asked asynchronously.")


def quiet() -> DebugConfig:
    """The SDK's own recording and replaying of requests, off whatever the environment says."""
    return DebugConfig(client_mode="api")


class Wires:
    """The HTTP clients of one exchange, closed with it."""

    def __init__(self, transport: TeeTransport) -> None:
        # A value that this SDK does not know yet is no fault: it is compared as text. Its module warns all the same.
        warnings.filterwarnings("ignore", message=".* is not a valid ", category=UserWarning, module=r"google\.genai")
        self._transport = transport
        self._http = httpx2.AsyncClient(transport=transport, follow_redirects=False, trust_env=False)
        self._unused = httpx2.Client(transport=httpx2.MockTransport(_refused), trust_env=False)

    def options(self, base_url: str, version: str) -> types.HttpOptions:
        """Options for a client that asks once and only through our transport."""
        return types.HttpOptions(
            base_url=base_url,
            api_version=version,
            retry_options=types.HttpRetryOptions(attempts=1),
            httpx_async_client=self._http,
            # What it would make for calls of other kinds, each in 30 ms, reading every certificate anew.
            httpx_client=self._unused,
            async_client_args={"ssl": trust()},
        )

    async def aclose(self) -> None:
        """Close every socket."""
        await self._http.aclose()
        self._unused.close()
        await self._transport.aclose()
