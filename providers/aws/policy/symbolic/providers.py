"""What the claims of an identity provider may hold for somebody who can get a token of it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Version
from providers.aws.policy.reference.identity_providers import Claim, Form, Reach, host_of, identity_provider
from providers.aws.policy.symbolic import shapes
from providers.aws.policy.symbolic.conditions import asked
from providers.aws.policy.symbolic.known import FREE, NEVER_THERE, UNCLEAR, Known
from providers.aws.policy.symbolic.patterns import literal
from providers.aws.policy.symbolic.scene import Guests, Level, Seen
from scanner.access.text import ANY_TEXT, Pattern

COGNITO: Final = "cognito-identity.amazonaws.com"


_GUEST: Final = ("unauthenticated",)


def reach_of(provider: str) -> Reach:
    """Who can get a token of the provider."""
    host = host_of(provider)
    if not host:
        return "limited"
    known = identity_provider(host)
    # Providers that many share are listed; any other address is taken for somebody's own server.
    return "limited" if known is None or known.reach == "unclear" else known.reach


def claim_of(key: str, provider: str, guests: Guests, seen: Seen, level: Level) -> Known | None:
    """What a condition key may hold in a token of `provider`; nothing where the key is no claim of a provider."""
    host = host_of(provider)
    if not host:
        return FREE if key.startswith("saml:") else None
    owner, _, name = key.rpartition(":")
    if owner != host.lower():
        return NEVER_THERE if identity_provider(owner) is not None else None
    if host == COGNITO and name == "amr":
        return Known((literal("authenticated"), literal("unauthenticated"), *FREE.languages), many=True, absent=False)
    if host == COGNITO and name == "aud" and guests != "refused" and level == "anyone":
        return Known(absent=False, clear=guests == "admitted")
    known = identity_provider(host)
    claim = None if known is None else known.claim(name)
    if claim is None:
        return _unlisted(name)
    if level != "anyone" or claim.meaning == "free":
        return Known(((shapes.NO_WILDCARDS,),), absent=claim.may_lack, many=claim.multi)
    return _tenant(claim, seen) if claim.meaning == "tenant" else UNCLEAR


def _unlisted(name: str) -> Known:
    if name == "aud":
        return Known(((shapes.NO_WILDCARDS,),), absent=False)
    return Known(((shapes.NO_WILDCARDS,),), absent=False, pin="whole") if name == "sub" else UNCLEAR


def _tenant(claim: Claim, seen: Seen) -> Known:
    """Values of tenants that the document does not name."""
    wanted = list(_wanted(seen))
    if any(claim.naming(pattern, wildcards=wild) == "unclear" for pattern, wild in wanted):
        return UNCLEAR
    languages: tuple[Pattern, ...] = FREE.languages
    if claim.forms and claim.otherwise == "unclear":
        languages = tuple((*form.prefix, ANY_TEXT) for form in claim.forms)
    named = [p for p, wild in wanted if claim.naming(p, wildcards=wild) == "named"]
    shunned = tuple(pattern for text in named for pattern in _values_of(text, claim.forms))
    return Known(languages, absent=claim.may_lack, many=claim.multi, shunned=shunned)


def _wanted(seen: Seen) -> Iterator[tuple[str, bool]]:
    """Values that conditions compare with, and whether wildcards count in them."""
    for condition, _ in seen.conditions:
        operator = OPERATORS.get(condition.operator)
        if operator is not None and operator.kind == "text":
            yield from ((value, operator.wildcards) for value in condition.values)


def _values_of(text: str, forms: tuple[Form, ...]) -> list[Pattern]:
    """All values of the tenant that a pattern names."""
    fixed = text.partition("*")[0].partition("?")[0]
    for form in forms:
        if fixed.startswith(form.prefix) and form.separator and fixed.count(form.separator) >= form.parts:
            parts = fixed.split(form.separator)
            return [(*form.separator.join(parts[: form.parts]), form.separator, ANY_TEXT)]
    return [literal(fixed)]


def guests_of(conditions: tuple[Condition, ...], version: Version) -> Guests:
    """Whether the conditions let in identities of a Cognito pool that never signed in, where the pool has such."""
    about = [each for each in conditions if each.key == f"{COGNITO}:amr"]
    pairs = [asked(each, "Allow", version, lambda _: None, many=True) for each in about]
    if any(not pair.maybe.holds(_GUEST) for pair in pairs):
        return "refused"
    return "admitted" if all(pair.sure.holds(_GUEST) for pair in pairs) else "unclear"
