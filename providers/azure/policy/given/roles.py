"""Role assignments with their principals out of JSON."""

from __future__ import annotations

from providers.azure.policy.bridges import BRIDGES, Facts
from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.principals import principal
from providers.azure.policy.model.roles import (
    EVERYONE,
    Assignment,
    Authorization,
    Denial,
    Directory,
    Permission,
    Principal,
    Role,
)
from providers.azure.policy.questions.roles import RoleQuestion


def role_assignment(given: Fields) -> tuple[Authorization, RoleQuestion]:
    """One principal that holds `role` and `otherRoles` at `scope`, and what is asked of it."""
    scope = given.text("scope", "/")
    roles = [_role(given.needed("role"), "role"), *_others(given)]
    people: list[Principal] = []
    holder = principal(given.needed("principal"), "principal", people)
    assignments = tuple(_assignment(given, role.id, holder, scope) for role in roles)
    authorization = Authorization(
        Directory(given.text("tenantId"), tuple(people), complete=True),
        roles=tuple(roles),
        assignments=assignments,
        denials=tuple(_denial(one, scope) for one in given.objects("denyAssignments")),
    )
    return authorization, _question(given.inner("question"), scope)


def _others(given: Fields) -> list[Role]:
    return [_role(one, f"otherRoles {index}") for index, one in enumerate(given.objects("otherRoles"))]


def _role(given: Fields, identifier: str) -> Role:
    nested = tuple(_permission(one) for one in given.objects("permissions"))
    return Role(identifier, given.text("name") or given.text("roleName"), nested or (_permission(given),))


def _permission(given: Fields) -> Permission:
    return Permission(
        given.texts("actions"), given.texts("notActions"), given.texts("dataActions"), given.texts("notDataActions")
    )


def _assignment(given: Fields, role: str, holder: Principal, scope: str) -> Assignment:
    return Assignment(
        role,
        holder.id,
        scope,
        principal_kind=holder.kind,
        condition=given.text("condition"),
        condition_version=given.text("conditionVersion"),
        eligible=given.flag("eligible") is True,
    )


def _denial(given: Fields, scope: str) -> Denial:
    nested = tuple(_permission(one) for one in given.objects("permissions"))
    return Denial(
        nested or (_permission(given),),
        given.text("scope", scope),
        tuple(_listed(one) for one in given.texts("principals", "id")),
        tuple(_listed(one) for one in given.texts("excludePrincipals", "id")),
        given.flag("doNotApplyToChildScopes") is True,
    )


def _listed(identifier: str) -> str:
    return EVERYONE if identifier.casefold() in ("systemdefined", "everyone", EVERYONE) else identifier


def _question(given: Fields | None, scope: str) -> RoleQuestion:
    if given is None:
        return RoleQuestion(scope)
    action, data = given.text("action"), given.text("dataAction")
    if action and data:
        given.refuse("dataAction", "stands beside an action: ask one thing")
    if not action and not data:
        given.refuse("action", "is missing, and so is dataAction")
    keys = sorted({bridge.switch.key for bridge in BRIDGES if bridge.switch is not None})
    facts: Facts = {key: given.flag(key) for key in keys}
    return RoleQuestion(given.text("scope", scope), action or data, data=bool(data), facts=facts)
