"""How the Agent Platform is reached; plain values, no library is loaded for them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from nanodesk.engines.google.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_LOCATION = "us-central1"

Credentials = Any
"""Google credentials of the `google.auth` kind; they refresh themselves."""


def default_credentials() -> Credentials:
    """What the user has set up for Google's tools on this computer; may ask the disk and the network.

    Raises:
        google.auth.exceptions.DefaultCredentialsError: when there is nothing.
    """
    import google.auth

    found, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    return found


@dataclass(frozen=True, slots=True)
class Platform:
    """A project on the Agent Platform; without a project the engine is not ready.

    Attributes:
        connection: the way and its limits; its base URL is empty for Google's own.
        credentials: asked in a thread when a request is made, and never before.
    """

    project: str = ""
    location: str = DEFAULT_LOCATION
    connection: Connection = field(default_factory=Connection)
    credentials: Callable[[], Credentials] = default_credentials

    @property
    def route(self) -> Connection:
        """The connection with the platform's own address where none was chosen."""
        if self.connection.base_url:
            return self.connection
        return replace(self.connection, base_url=f"https://{self.location}-aiplatform.googleapis.com/")

    @property
    def account(self) -> str:
        """A mark that is equal for the same project on this installation and says nothing of it."""
        salt = f"nanodesk {self.connection.salt}".encode()
        return hmac.new(salt, self.project.encode(), hashlib.sha256).hexdigest()[:12]
