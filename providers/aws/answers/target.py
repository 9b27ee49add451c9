"""What a question is about: a resource that was read, whose it is, and the policy that it carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from providers.aws.answers.reads import Named, Principal, bucket, gap_words, parsed
from providers.aws.policy.language.tree import Malformed
from providers.aws.policy.questions.abilities import Target
from providers.aws.policy.reference.catalogue import actions
from providers.aws.policy.reference.services import ResourceKind, resource_kinds
from providers.aws.s3_reach import POLICY
from scanner.access import Guard
from scanner.facts import UnreadFact
from scanner.model import Estate
from scanner.questions import BadInput

_ASSUMING: Final = frozenset({"sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
_NEAR: Final = 3


class Aim(msgspec.Struct, frozen=True):
    """An action, what it is done to, and what is not known of that."""

    action: str
    target: Target
    policy: Named | None = None
    kind: ResourceKind | None = None
    """The kind of resource policy that decides about outsiders too; nothing where none does."""
    guards: tuple[Guard, ...] = ()
    """What cuts outsiders off from what the policy lets them do."""
    gaps: tuple[str, ...] = ()
    doubt: str = ""
    """Why no answer about the resource can be certain."""


def aim(estates: Sequence[Estate], principals: Sequence[Principal], action: str, resource: str) -> Aim:
    """The action on the resource, with what was read of it. Raises BadInput for what AWS or the estate do not know."""
    action = _action(action)
    if not resource.startswith("arn:") or len(resource.split(":", 5)) < 6:
        raise BadInput("", f"{resource!r} is no ARN: give the resource as findings show it")
    fixed, star, rest = resource.partition("*")
    target = Target(fixed, star + rest, resource.split(":", 5)[4])
    if action.startswith("s3:") and resource.split(":", 3)[2:3] == ["s3"] and resource.split(":")[4] == "":
        return _of_bucket(estates, action, target)
    if action.lower() in _ASSUMING:
        return _of_role(principals, action, target)
    kind = next((one for one in resource_kinds() if action.startswith(f"{one.service}:")), None)
    if kind is None or kind.id == "iam-role":
        return Aim(action, target)
    if kind.alone:
        why = f"the policy of {resource} decides, and policies of {kind.service} resources are not read yet"
        return Aim(action, target, gaps=(why,), doubt=why)
    why = f"the policy of {resource} was not read, which may let others in or keep these out"
    return Aim(action, target, gaps=(why,))


def _action(text: str) -> str:
    """The action as AWS spells it."""
    catalogue = actions()
    found = catalogue.expand(text) if "*" not in text and "?" not in text else frozenset()
    known = next((one for one in found if catalogue.knows(one)), None)
    if known is not None:
        return known
    near = sorted(catalogue.expand(f"{text.partition(':')[0]}:*{text.partition(':')[2][:4]}*"))[:_NEAR]
    hint = f" Did you mean {', '.join(near)}?" if near and all(catalogue.knows(one) for one in near) else ""
    raise BadInput("", f"AWS has no action {text!r}.{hint}")


def _of_bucket(estates: Sequence[Estate], action: str, target: Target) -> Aim:
    arn = (target.arn + target.suffix).split("/", 1)[0].rstrip("*")
    found = bucket(estates, arn)
    if found is None:
        raise BadInput("", f"no bucket {arn} was read: check the name, or read the account that owns it")
    target = msgspec.structs.replace(target, account=found.scope.account)
    kind = next((one for one in resource_kinds() if one.id == "s3"), None)
    guards = tuple(found.access.guards)
    try:
        text = found.policy
    except UnreadFact as gap:
        why = gap_words(f"the policy of {arn}: nothing", gap.unread[0])
        return Aim(action, target, None, kind, guards, (why,), why)
    if text is None:
        return Aim(action, target, None, kind, guards)
    policy = parsed(POLICY, text)
    return Aim(action, msgspec.structs.replace(target, policy=policy.policy), policy, kind, guards, *_lost(policy))


def _of_role(principals: Sequence[Principal], action: str, target: Target) -> Aim:
    role = next((one for one in principals if one.uid == target.arn), None)
    if role is None or role.trust is None:
        raise BadInput("", f"no role {target.arn} was read: check the ARN, or read the account that owns it")
    kind = next((one for one in resource_kinds() if one.id == "iam-role"), None)
    full = msgspec.structs.replace(target, policy=role.trust.policy, alone=True, element="none")
    return Aim(action, full, role.trust, kind, (), *_lost(role.trust))


def _lost(policy: Named) -> tuple[tuple[str, ...], str]:
    if not isinstance(policy.policy, Malformed):
        return (), ""
    why = f"{policy.name} cannot be read at {policy.policy.pointer or '/'}: {policy.policy.why}"
    return (why,), why
