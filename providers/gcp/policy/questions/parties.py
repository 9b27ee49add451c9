"""Who stands behind a member of a policy, seen from the owner, with principals to try.

https://cloud.google.com/iam/docs/principal-identifiers
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import msgspec

from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.pools import Pool
from providers.gcp.policy.language.request import Claim, Principal
from providers.gcp.policy.questions.accounts import MORE_PROJECTS, Account, person, project_team, service_account
from providers.gcp.policy.questions.issuers import issuer_of
from providers.gcp.policy.questions.tokens import MOST_TOKENS, named_tokens, nobody_can, stranger_can, strangers_tokens
from scanner.access import Who

ANONYMOUS = Principal("anonymous", outside=True, stranger=True)
STRANGER = Principal("user", "stranger@gmail.com", (), (), "C0stranger", outside=True, stranger=True)
FOREIGN_ACCOUNT = Principal(
    "service-account", "stranger@strangers-project.iam.gserviceaccount.com", (), (), outside=True, stranger=True
)

_PINNED = frozenset(
    {
        "account",
        "aws_account",
        "aws_role",
        "email",
        "namespace_id",
        "namespace_path",
        "organization",
        "organization_id",
        "project_id",
        "project_path",
        "repository",
        "repository_id",
        "repository_owner",
        "repository_owner_id",
        "sub",
        "subject",
        "tid",
        "workspace_id",
    }
)
"""Attributes that, by their name, say whose token it is, where the pool's providers are not known."""


class Party(msgspec.Struct, frozen=True):
    """Somebody outside, as a policy's member lets them be."""

    who: Who
    text: str
    principals: tuple[Principal, ...] = ()
    """Examples to try; the first that is let in becomes the witness."""
    flags: tuple[str, ...] = ()
    of_pool: bool = False
    unclear: str = ""
    """Why we cannot tell whether there is such a party at all."""


def parties(member: Member, owner: Owner) -> tuple[Party, ...]:
    """Those outside that the member includes. Empty where it names only the owner's own, or nobody."""
    match member.kind:
        case "everyone":
            return (Party("anyone", "anyone on the internet", (ANONYMOUS, STRANGER, FOREIGN_ACCOUNT)),)
        case "authenticated":
            return (Party("anyone", "anyone with any Google account", (STRANGER, FOREIGN_ACCOUNT)),)
        case "deleted":
            return ()
        case "user" | "group" | "domain":
            return _known(person(member, owner), _principal(member))
        case "service-account":
            return _known(service_account(member, owner), _principal(member))
        case "project-team":
            return _known(project_team(member, owner), _principal(member))
        case "kubernetes":
            return _kubernetes(member, owner)
        case "customer":
            if member.name in owner.customers:
                return ()
            return _known(Account("outside", f"all users of Google Workspace {member.name}"), _principal(member))
        case "pool":
            return tuple(_of_pool(member, owner))
        case _:
            return _unclear(member.text, f"whom {member.text!r} names")


def _unclear(text: str, why: str) -> tuple[Party, ...]:
    return (Party("anyone", text, unclear=why), Party("named", text, unclear=why))


def _known(account: Account, principal: Principal) -> tuple[Party, ...]:
    if account.whose == "own":
        return ()
    unclear = account.why if account.whose == "unclear" else ""
    flags = ("confused-deputy",) if account.whose == "shared" else ()
    return (Party("named", account.text, (principal,), flags, unclear=unclear),)


def _principal(member: Member) -> Principal:
    if member.kind == "service-account":
        return Principal("service-account", member.name, outside=True)
    if member.kind == "group":
        return Principal("user", f"someone@{member.name.rpartition('@')[2]}", groups=(member.name,), outside=True)
    if member.kind == "domain":
        return Principal("user", f"someone@{member.name}", outside=True)
    if member.kind == "customer":
        return Principal("user", "someone@elsewhere.example", customer=member.name, outside=True)
    if member.kind == "project-team":
        return Principal("user", "someone@elsewhere.example", teams=((member.name, member.team),), outside=True)
    return Principal("user", member.name, outside=True)


def _kubernetes(member: Member, owner: Owner) -> tuple[Party, ...]:
    owned = owner.owns_project(member.name)
    whose = "own" if owned else "unclear" if owned is None else "outside"
    words = f"workloads of clusters of project {member.name}"
    why = f"whether project {member.name} is the owner's: {MORE_PROJECTS}"
    account = Account(whose, words, why)  # type: ignore[arg-type]  # three of Whose's words
    return _known(account, Principal("kubernetes", member.text, outside=True))


def _of_pool(member: Member, owner: Owner) -> Iterator[Party]:
    parts = member.pool.split("/")
    cluster = member.pool_id.removesuffix(".svc.id.goog")
    if cluster != member.pool_id and owner.owns_project(cluster):
        return
    number = parts[1] if parts[0] == "projects" else ""
    foreign = bool(number) and owner.owns_project(number) is False
    pool = None if foreign else owner.pools.get(member.pool_id)
    if pool is None:
        yield from _of_unseen_pool(member)
        return
    if not pool.on:
        return
    for problem in pool.malformed:
        yield from _unclear(f"identities of pool {pool.id}", problem)
    for index in range(len(pool.providers)):
        yield from _of_provider(member, pool, index, owner)


def _of_unseen_pool(member: Member) -> Iterator[Party]:
    text = f"identities of pool {member.pool}"
    token: dict[str, Claim] = {"sub": "any"}
    if member.select == "subject":
        token["sub"] = member.name
    elif member.select == "group":
        token["groups"] = (member.name,)
    elif member.select == "attribute":
        token[member.attribute] = member.name
    principal = Principal("federated", text, pool=member.pool, claims=token)
    yield Party("named", text, (principal,), of_pool=True)
    if member.select == "all" or (member.select == "attribute" and member.attribute not in _PINNED):
        why = f"who gets a token of pool {member.pool}: its providers are not known"
        yield Party("anyone", text, unclear=why, of_pool=True)


def _of_provider(member: Member, pool: Pool, index: int, owner: Owner) -> Iterator[Party]:
    provider = pool.providers[index]
    if not provider.on:
        return
    issuer = issuer_of(provider, owner)
    if issuer.reach == "own" or nobody_can(member, provider):
        return

    def principals(tokens: Iterator[Mapping[str, Claim]]) -> tuple[Principal, ...]:
        return tuple(
            Principal("federated", f"a token of {issuer.text}", pool=member.pool, provider=index, claims=token)
            for token in itertools.islice(tokens, MOST_TOKENS * 4)
        )

    if issuer.reach in ("anyone", "unclear"):
        can = stranger_can(member, provider, issuer)
        if issuer.reach == "unclear" and can is not False:
            why = f"who gets a token of pool {pool.id}: its issuer {provider.issuer or 'is not known'!r} is new to us"
            yield Party("anyone", issuer.text, unclear=why, of_pool=True)
        elif can is not False:
            found = principals(strangers_tokens(member, provider, issuer))
            yield Party("anyone", f"any {issuer.text.removeprefix('users of ')} user", found, of_pool=True)
    text = f"{issuer.text} that pool {pool.id} takes"
    yield Party("named", text, principals(named_tokens(member, provider)), of_pool=True)
