"""Who outside the tenant holds permissions by a vault's access policies."""

from __future__ import annotations

from providers.azure.policy.model.vaults import AccessPolicy, Vault
from providers.azure.policy.questions.outsiders import Holders
from scanner.access import Access, Allowed, Guard, Layer, Undecided, Verb, Witness
from scanner.facts import Unread

_READS = frozenset({"get", "list", "all", "getrotationpolicy", "getissuers", "listissuers"})


def vault_access(vault: Vault) -> Access:
    """One layer for each policy; the switch to roles cuts them all."""
    if isinstance(vault.policies, Unread):
        layers: tuple[Layer, ...] = (Layer("access policies", unread=vault.policies),)
    else:
        holders = Holders(vault.directory)
        layers = tuple(_layer(index, one, holders) for index, one in enumerate(vault.policies) if one.permissions)
    names = tuple(layer.name for layer in layers)
    if isinstance(vault.by_roles, Unread):
        return Access(layers, (Guard("enableRbacAuthorization", could_cut=names, unread=vault.by_roles),))
    if vault.by_roles is None:
        gap = Unread("not-yet-known", detail="whether the vault uses roles is not stored: it depends on its age")
        return Access(layers, (Guard("enableRbacAuthorization", could_cut=names, unread=gap),))
    return Access(layers, (Guard("role-based access of the vault", names, names),) if vault.by_roles else ())


def _layer(index: int, one: AccessPolicy, holders: Holders) -> Layer:
    outsiders, doubts = holders.of(one.principal, "unknown")
    permission = one.permissions[0]
    verb: Verb = "read" if permission.partition("/")[2] in _READS else "write"
    allowed = tuple(
        Allowed(
            "named",
            outsider.text,
            verb,
            f"access policy {index}",
            Witness(outsider.text, permission, "the vault", {"principalId": outsider.principal}),
        )
        for outsider in outsiders
    )
    undecided = tuple(Undecided(doubt.who, verb, doubt.why, doubt.unread) for doubt in doubts)
    return Layer(f"access policy {index}", allowed, undecided)
