"""Whether deny policies cut a party off, over all its requests.

https://cloud.google.com/iam/docs/deny-overview
"""

from __future__ import annotations

from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.policies import DenyPolicy, DenyRule
from providers.gcp.policy.questions.parties import Party
from providers.gcp.policy.questions.possible import Domain, can_hold
from scanner.ternary import Ternary, all_of, any_of, invert


def cuts(policy: DenyPolicy, member: Member, party: Party, permission: str, domain: Domain) -> Ternary:
    """Whether the policy takes the permission from everybody in `party`, whom `member` let in; None if from some."""
    return any_of(_rule_cuts(rule, member, party, permission, domain) for rule in policy.rules)


def _rule_cuts(rule: DenyRule, member: Member, party: Party, permission: str, domain: Domain) -> Ternary:
    named = any(_denotes(text, permission) for text in rule.permissions)
    if not named or any(_denotes(text, permission) for text in rule.except_permissions):
        return False
    return all_of(
        (
            any_of([_includes(one, member, party) for one in rule.principals]),
            invert(any_of([_includes(one, member, party) for one in rule.except_principals])),
            can_hold(rule.condition, domain),
        )
    )


def _includes(listed: Member, member: Member, party: Party) -> Ternary:
    """Whether the deny rule's member includes the whole party."""
    if listed.kind == "everyone" or listed == member:
        return True
    if party.who == "anyone" and not party.of_pool:
        return None if listed.kind in ("authenticated", "unclear") else False
    if listed.kind == "deleted":
        return False
    if listed.kind == "pool":
        if not party.of_pool or listed.pool != member.pool:
            return False
        return True if listed.select == "all" else None
    same_kind = listed.kind == member.kind and listed.name == member.name and not party.of_pool
    if same_kind and listed.kind != "project-team":
        return True
    # It may be in a group, team or organization that the rule names; a person is never a service account.
    exact = listed.kind in ("user", "service-account", "kubernetes")
    return False if exact and member.kind in ("user", "service-account", "kubernetes", "pool") else None


def _denotes(text: str, permission: str) -> bool:
    host, _, wanted = text.partition("/")
    service, _, name = permission.partition(".")
    if host.removesuffix(".googleapis.com") not in (service, f"cloud{service}"):
        return False
    one, _, verb = wanted.rpartition(".")
    kind, _, own = name.rpartition(".")
    return (one == "*" or one == kind) and (verb == "*" or verb == own)
