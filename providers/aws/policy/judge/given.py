"""The inputs of a verdict, checked and typed. Field names are those of the input; absent ones mean "nothing stored"."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec

from providers.aws.block import FLAGS, PublicAccessBlock
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Policy, Statement
from providers.aws.policy.symbolic.scene import Owner
from scanner.questions import BadInput, Input

T = TypeVar("T", bound=msgspec.Struct)

Document = Any
"""A policy document: a JSON object, its text, or null. Whatever else it is, the parser says so."""


class Given(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every kind of resource has."""

    account: str
    organization: str | None = None
    evaluation_time: str | None = None
    resource: str
    policy: Document = None
    known_principal_ids: tuple[str, ...] | None = None
    owner_canonical_id: str | None = None
    owned_origin_access_identities: tuple[str, ...] | None = None

    def owner(self) -> Owner:
        """Whose the resource is."""
        parts = self.resource.split(":", 2)
        return Owner(
            account=self.account,
            partition=parts[1] if len(parts) > 1 and parts[0] == "arn" and parts[1] else "aws",
            organization=self.organization,
            canonical_id=self.owner_canonical_id,
            origin_access_identities=self.owned_origin_access_identities,
            principal_ids=self.known_principal_ids or (),
        )


def decoded(given: Input, kind: type[T]) -> T:
    """The input as a value; raises BadInput with the place of what is wrong."""
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as problem:
        text, _, place = str(problem).partition(" - at `")
        raise BadInput(_pointer(place.rstrip("`")), text) from problem


def _pointer(path: str) -> str:
    """A path such as `$.acl[0].Permission` as a JSON pointer."""
    return path.removeprefix("$").replace("[", "/").replace("]", "").replace(".", "/").replace("...", "*")


def text_of(document: Document) -> str | None:
    """The document as text; None where there is none."""
    if document is None or isinstance(document, str):
        return document or None
    return json.dumps(document)


def block_of(flags: dict[str, bool | None] | None) -> PublicAccessBlock:
    """A public access block; nothing stored means all off."""
    return PublicAccessBlock(*(bool((flags or {}).get(flag)) for flag in FLAGS))


def invalid_principals(policy: Policy) -> bool:
    """Whether a principal can name nobody, such as an ARN with wildcards, which most services refuse to store."""
    return any(_is_invalid(statement) for statement in policy.statements)


def _is_invalid(statement: Statement) -> bool:
    names = statement.principals.names if statement.principals else ()
    return any(name.kind == "AWS" and named(name.text).kind == "nobody" and not name.text.isalnum() for name in names)
