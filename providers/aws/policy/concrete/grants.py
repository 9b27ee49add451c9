"""Grants on KMS keys: a third way to use a key, next to its policy and identity policies.

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from __future__ import annotations

from collections.abc import Iterable

from providers.aws.policy.concrete.callers import names
from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.concrete.layers import KeyGrant, Place
from providers.aws.policy.concrete.reading import Found
from providers.aws.policy.language.tree import PrincipalName
from scanner.ternary import Ternary, all_of

_CONTEXT = "kms:encryptioncontext:"


def find_key_grants(grants: Iterable[KeyGrant], request: Request) -> Found:
    """The grants that let the caller do this. Keys of the request's context are in lower case."""
    sure: list[Place] = []
    unclear: list[Place] = []
    for index, grant in enumerate(grants):
        answer = _covers(grant, request)
        if answer is not False:
            (sure if answer else unclear).append(Place("grant", index, "", "Allow"))
    return Found(True if sure else None if unclear else False, tuple(sure), tuple(unclear))


def _covers(grant: KeyGrant, request: Request) -> Ternary:
    operation = request.action.lower().partition(":")[2]
    if operation not in {each.lower() for each in grant.operations}:
        return False
    if ":" not in grant.grantee and "." in grant.grantee:
        named: Ternary = request.principal.kind == "service" and request.principal.text == grant.grantee
    else:
        named = names(PrincipalName("AWS", grant.grantee), request.principal)[1]
    return all_of((named, _constraints(grant, request)))


def _constraints(grant: KeyGrant, request: Request) -> Ternary:
    """Names of pairs compare with case too, but stand here in lower case: a name that is not is unclear."""
    given = {key.removeprefix(_CONTEXT): text for key, text in request.context.items() if key.startswith(_CONTEXT)}
    answers: list[Ternary] = []
    for wanted in (grant.context_equals, grant.context_subset):
        if wanted is not None:
            held = all(given.get(key.lower()) == value for key, value in wanted.items())
            exact = all(key == key.lower() for key in wanted)
            answers.append(False if not held else True if exact else None)
    if grant.context_equals is not None:
        answers.append(len(given) == len(grant.context_equals))
    return all_of(answers)
