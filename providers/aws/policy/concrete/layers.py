"""The layers of policies that bear on one request, and the answer over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from providers.aws.policy.language.tree import Effect, Malformed, Policy
from scanner.questions import Result

Document: TypeAlias = "Policy | Malformed"
LayerName = Literal["identity", "resource", "boundary", "session", "scp", "rcp", "endpoint", "grant"]
Levels: TypeAlias = "tuple[tuple[Document, ...], ...]"
"""Root first, then each organizational unit, then the account; each with the policies attached there."""


class KeyGrant(msgspec.Struct, frozen=True):
    """A grant on a KMS key. https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"""

    grantee: str
    operations: tuple[str, ...]
    """Such as `Decrypt`."""
    context_equals: Mapping[str, str] | None = None
    """The whole encryption context that a request must carry."""
    context_subset: Mapping[str, str] | None = None
    """Pairs that the encryption context must hold at least."""


class Layers(msgspec.Struct, frozen=True):
    """All documents that bear on a request. An empty layer limits nothing and grants nothing."""

    identity: tuple[Document, ...] = ()
    resource: tuple[Document, ...] = ()
    """As a rule one: the bucket's policy, the key's, the role's trust policy."""
    boundary: tuple[Document, ...] = ()
    session: tuple[Document, ...] = ()
    scp: Levels = ()
    """Over the caller's account."""
    rcp: Levels = ()
    """Over the account that owns the resource. RCPFullAWSAccess is always attached and need not be given."""
    endpoint: tuple[Document, ...] = ()
    """Policy of the VPC endpoint through which the request comes, if it does."""
    grants: tuple[KeyGrant, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """A statement that decides, or the spot that keeps from deciding."""

    layer: LayerName
    document: int
    """Index in its layer; in an SCP or RCP counted through all levels."""
    pointer: str
    """JSON pointer in the document."""
    effect: Effect | None = None
    """Nothing for a document that could not be read."""
    why: str = ""

    def words(self) -> str:
        """The place for a reader."""
        return f"{self.layer} policy {self.document}{f' at {self.pointer}' if self.pointer else ''}"


class Authorization(msgspec.Struct, frozen=True):
    """Whether AWS lets a request through, and by which statements."""

    result: Result
    why: str
    """In plain words."""
    deciding: tuple[Place, ...] = ()
    """For `Allowed` the statements that grant, for `ExplicitlyDenied` those that deny, for `unknown` the unclear."""
