"""From decoded JSON to policies. What cannot be read is told as malformed, and never raises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.gcp.policy.language.cel import Expression, Unclear, parse
from providers.gcp.policy.language.members import Member, member
from providers.gcp.policy.language.policies import AllowPolicy, Binding, DenyPolicy, DenyRule, Node
from providers.gcp.policy.language.pools import Pool, Provider, usual_mapping


class _UnreadableError(Exception):
    pass


def allow_policy(value: object, pointer: str = "") -> AllowPolicy:
    """An allow policy; empty where nothing is stored."""
    if value is None:
        return AllowPolicy()
    if not isinstance(value, Mapping):
        return AllowPolicy(malformed=(f"{pointer} is no policy",))
    return bindings(value.get("bindings"), f"{pointer}/bindings")


def bindings(value: object, pointer: str) -> AllowPolicy:
    """A policy of a list of bindings."""
    if value is None:
        return AllowPolicy()
    if not isinstance(value, list | tuple):
        return AllowPolicy(malformed=(f"{pointer} is no list",))
    found: list[Binding] = []
    malformed: list[str] = []
    for index, one in enumerate(value):
        try:
            found.append(_binding(one, f"{pointer}/{index}"))
        except _UnreadableError as problem:
            malformed.append(str(problem))
    return AllowPolicy(tuple(found), tuple(malformed))


def above(value: object, pointer: str) -> tuple[Node, ...]:
    """Nodes above a resource, of a list of bindings that each say in `on` what they are set on."""
    if not isinstance(value, list | tuple):
        return () if value is None else (Node("above", AllowPolicy(malformed=(f"{pointer} is no list",))),)
    nodes: dict[str, AllowPolicy] = {}
    for index, one in enumerate(value):
        on = one.get("on") if isinstance(one, Mapping) else None
        name = on if isinstance(on, str) and on else "a node above"
        held = nodes.get(name, AllowPolicy())
        try:
            nodes[name] = AllowPolicy((*held.bindings, _binding(one, f"{pointer}/{index}")), held.malformed)
        except _UnreadableError as problem:
            nodes[name] = AllowPolicy(held.bindings, (*held.malformed, str(problem)))
    order = {"organizations": 0, "folders": 1}
    return tuple(Node(name, nodes[name]) for name in sorted(nodes, key=lambda n: order.get(n.partition("/")[0], 2)))


def condition(value: object) -> Expression | None:
    """A condition: nothing stored, an expression, or an object that holds one."""
    if isinstance(value, Mapping):
        value = value.get("expression")
    if value is None or value == "":
        return None
    return parse(value) if isinstance(value, str) else Unclear("the condition is no text")


def _binding(value: object, pointer: str) -> Binding:
    if not isinstance(value, Mapping):
        raise _UnreadableError(f"{pointer} is no binding")
    role = value.get("role")
    if not isinstance(role, str) or not role:
        raise _UnreadableError(f"{pointer}/role is no role")
    return Binding(
        role, _members(value.get("members"), f"{pointer}/members"), condition(value.get("condition")), pointer
    )


def _members(value: object, pointer: str) -> tuple[Member, ...]:
    texts = [value] if isinstance(value, str) else value
    if texts is None:
        return ()
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise _UnreadableError(f"{pointer} is no list of texts")
    return tuple(member(text) for text in texts)


def deny_policies(value: object, pointer: str) -> tuple[DenyPolicy, ...]:
    """Deny policies as the interface gives them."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        return (DenyPolicy(pointer, malformed=(f"{pointer} is no list",)),)
    return tuple(_deny_policy(one, f"{pointer}/{index}") for index, one in enumerate(value))


def _deny_policy(value: object, pointer: str) -> DenyPolicy:
    rules = value.get("rules", ()) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(rules, list | tuple):
        return DenyPolicy(pointer, malformed=(f"{pointer} is no deny policy",))
    name = value.get("name")
    found: list[DenyRule] = []
    malformed: list[str] = []
    for index, one in enumerate(rules):
        try:
            found.append(_deny_rule(one, f"{pointer}/rules/{index}"))
        except _UnreadableError as problem:
            malformed.append(str(problem))
    return DenyPolicy(name if isinstance(name, str) and name else pointer, tuple(found), tuple(malformed))


def _deny_rule(value: object, pointer: str) -> DenyRule:
    rule = value.get("denyRule", value) if isinstance(value, Mapping) else None
    if not isinstance(rule, Mapping):
        raise _UnreadableError(f"{pointer} is no rule")

    def texts(name: str) -> tuple[str, ...]:
        return tuple(one.text for one in _members(rule.get(name), f"{pointer}/{name}"))

    return DenyRule(
        _members(rule.get("deniedPrincipals"), f"{pointer}/deniedPrincipals"),
        texts("deniedPermissions"),
        _members(rule.get("exceptionPrincipals"), f"{pointer}/exceptionPrincipals"),
        texts("exceptionPermissions"),
        condition(rule.get("denialCondition")),
    )


def pools(value: Mapping[str, Any], pointer: str) -> Mapping[str, Pool]:
    """Pools by id, each with one provider or a list of them."""
    ids = {name: name.rpartition("/")[2] for name in value}  # a full name is as good as an id
    return {ids[name]: _pool(ids[name], one, f"{pointer}/{name}") for name, one in value.items()}


def _pool(name: str, value: object, pointer: str) -> Pool:
    on = True
    listed: object = value
    if isinstance(value, Mapping):
        on = _is_on(value) if "providers" in value else True
        listed = value.get("providers") if "providers" in value else [value]
    if listed is None:
        return Pool(name, on=on)
    if not isinstance(listed, list | tuple):
        return Pool(name, malformed=(f"{pointer} is no list of providers",))
    found: list[Provider] = []
    malformed: list[str] = []
    for index, one in enumerate(listed):
        if isinstance(one, Mapping):
            found.append(_provider(one))
        else:
            malformed.append(f"{pointer}/{index} is no provider")
    return Pool(name, tuple(found), tuple(malformed), on)


def _is_on(value: Mapping[str, Any]) -> bool:
    return value.get("disabled") is not True and value.get("state", "ACTIVE") != "DELETED"


def _provider(value: Mapping[str, Any]) -> Provider:
    mapped = value.get("attributeMapping")
    mapping = {
        name: parse(text) if isinstance(text, str) else Unclear("the mapping is no text")
        for name, text in (mapped.items() if isinstance(mapped, Mapping) else ())
    }
    only_if = condition(value.get("attributeCondition"))
    on = _is_on(value)
    oidc, aws = value.get("oidc"), value.get("aws")
    issuer = value.get("issuer") or value.get("issuerUri")
    if isinstance(oidc, Mapping):
        issuer = oidc.get("issuerUri") or oidc.get("issuer") or issuer
    if aws is not None or "accountId" in value:
        account = aws.get("accountId") if isinstance(aws, Mapping) else value.get("accountId")
        return Provider("aws", str(account or ""), only_if, mapping or usual_mapping("aws"), on)
    if value.get("saml") is not None:
        return Provider("saml", "", only_if, mapping, on)
    if value.get("x509") is not None:
        return Provider("x509", "", only_if, mapping, on)
    if isinstance(issuer, str) and issuer:
        return Provider("oidc", issuer, only_if, mapping, on)
    return Provider("unclear", "", only_if, mapping, on)
