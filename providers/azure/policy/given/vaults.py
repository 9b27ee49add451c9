"""Access policies of key vaults out of JSON."""

from __future__ import annotations

from collections.abc import Iterator

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.principals import principal
from providers.azure.policy.model.roles import Directory, Principal
from providers.azure.policy.model.vaults import AccessPolicy, Vault


def vault(given: Fields) -> Vault:
    """`accessPolicies`, and `principals` that say who stands behind the object ids."""
    people: list[Principal] = []
    for index, one in enumerate(given.objects("principals")):
        principal(one, f"principal {index}", people)
    return Vault(
        given.flag("enableRbacAuthorization"),
        tuple(_policy(one) for one in given.objects("accessPolicies")),
        Directory(given.text("tenantId"), tuple(people)),
    )


def _policy(given: Fields) -> AccessPolicy:
    permissions = given.inner("permissions")
    held = () if permissions is None else tuple(_held(permissions))
    return AccessPolicy(given.text("objectId"), given.text("tenantId"), held)


def _held(permissions: Fields) -> Iterator[str]:
    for kind in ("secrets", "keys", "certificates", "storage"):
        yield from (f"{kind}/{one.casefold()}" for one in permissions.texts(kind))
