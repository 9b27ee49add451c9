"""How stored data is encrypted, and who holds the key."""

from __future__ import annotations

from typing import Literal

import msgspec

KeyHolder = Literal["none", "provider-owned", "provider-managed", "customer-managed"]


class Encryption(msgspec.Struct, frozen=True):
    """The encryption that a resource is set to."""

    key: KeyHolder
    """`provider-owned` keys serve many customers; `provider-managed` ones serve one, on the provider's terms."""
    algorithm: str = ""
    key_uid: str | None = None
