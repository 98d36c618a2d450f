"""How the service is reached; plain values, no library is loaded for them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

DEFAULT_URL = "https://generativelanguage.googleapis.com/"


class SecretText(Protocol):
    """A key that does not show itself by accident."""

    def reveal(self) -> str:
        """The key."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the service is and how long it may take.

    Attributes:
        base_url: empty for Google's own.
        proxy: URL of a proxy; empty for what the system says.
        api_version: `v1`, `v1beta`, or empty: `v1` first, `v1beta` where that refuses a field or a model.
        salt: of this installation; what marks a key is made with it.
        total_s: the whole of one exchange may take so long.
        stall_s: once an answer has begun, so long may pass without a byte of it.
        most_bytes: of an answer, unpacked.
    """

    base_url: str = ""
    proxy: str = ""
    api_version: str = ""
    salt: str = ""
    total_s: float = 300.0
    stall_s: float = 60.0
    connect_s: float = 20.0
    most_bytes: int = 192 * 1024 * 1024

    @property
    def url(self) -> str:
        """The base URL that holds."""
        return self.base_url or DEFAULT_URL

    @property
    def host(self) -> str:
        """Where pictures go, for people."""
        try:
            return urlsplit(self.url).hostname or self.url
        except ValueError:
            return self.url

    @property
    def has_address(self) -> bool:
        """Whether the base URL can be read as one."""
        try:
            return urlsplit(self.url).port != 0
        except ValueError:
            return False

    @property
    def versions(self) -> tuple[str, ...]:
        """The API versions to be tried, in order."""
        return (self.api_version,) if self.api_version else ("v1", "v1beta")

    def account(self, key: SecretText) -> str:
        """A mark that is equal for the same key on this installation and says nothing of it."""
        return hmac.new(f"nanodesk {self.salt}".encode(), key.reveal().encode(), hashlib.sha256).hexdigest()[:12]
