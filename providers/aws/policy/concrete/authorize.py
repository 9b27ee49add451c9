"""One request against every layer of policies, as AWS combines them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.aws.policy.concrete import rcp_services
from providers.aws.policy.concrete.combine import Verdict, combine
from providers.aws.policy.concrete.evaluate import Request, lowered
from providers.aws.policy.concrete.layers import Authorization, Document, LayerName, Layers, Levels, Place
from providers.aws.policy.concrete.reading import Asked, find
from providers.aws.policy.concrete.rules import Rule, rule, ruling
from providers.aws.policy.concrete.standing import DERIVED_KEYS, Standing, completed, standing

Organization = Literal["member", "management"]
"""An account's place in its organization. SCPs and RCPs do not bear on the management account."""


def authorize(
    layers: Layers,
    request: Request,
    resource_account: str,
    *,
    caller_is: Organization = "member",
    owner_is: Organization = "member",
    is_aws_managed_key: bool = False,
    takes_warnings_as_rules: bool = False,
    derived: frozenset[str] = DERIVED_KEYS,
) -> Authorization:
    """Whether AWS would let the request through.

    `derived` are the condition keys that are filled in from caller and resource where the context lacks them. What
    AWS does not define, or a document that cannot be read, gives `unknown` only if the answer hangs on it. AWS warns
    that a Deny with NotPrincipal "might" deny whom it names without account and role: unknown, unless taken as a rule.
    """
    action = request.action.lower()
    context = lowered(request.context)
    who = standing(request.principal, context)
    settled, why = ruling(action, request.resource, is_signed=who.kind != "anonymous")
    if settled:
        return Authorization("Allowed" if settled == "allowed" else "ImplicitlyDenied", why)
    if who.kind == "unclear":
        return Authorization("unknown", f"{request.principal.text} is no principal that AWS documents")
    special = rule(action, request.resource)
    bearing = _bearing(
        layers, who, special, action, caller_is=caller_is, owner_is=owner_is, is_aws_managed_key=is_aws_managed_key
    )
    asked = Asked(
        Request(
            request.principal, request.action, request.resource, completed(context, who, resource_account, derived)
        ),
        has_boundary=bool(bearing.boundary),
        partly_named_is_denied=takes_warnings_as_rules,
        is_key=special.is_key,
    )
    if special.owners_root_always_may and who.kind == "root" and who.account == resource_account:
        bearing = msgspec.structs.replace(bearing, resource=())
    denying, doubtful = _denials(bearing, asked)
    if denying:
        return Authorization("ExplicitlyDenied", f"denied by {_words(denying)}", denying)
    return _answer(combine(bearing, asked, who, special, resource_account), doubtful)


def _bearing(
    layers: Layers,
    who: Standing,
    special: Rule,
    action: str,
    *,
    caller_is: Organization,
    owner_is: Organization,
    is_aws_managed_key: bool,
) -> Layers:
    """The layers without those that do not bear on this caller and this action."""
    has_scp = (who.has_policies or who.kind == "root") and caller_is == "member" and not who.is_service_linked
    has_rcp = owner_is == "member" and not who.is_service_linked and not is_aws_managed_key
    return Layers(
        identity=layers.identity if who.has_policies else (),
        resource=layers.resource if special.has_resource_policy else (),
        boundary=layers.boundary if who.has_policies else (),
        session=layers.session if who.has_policies else (),
        scp=layers.scp if has_scp else (),
        rcp=layers.rcp if has_rcp and rcp_services.limits(action) else (),
        endpoint=layers.endpoint,
        grants=layers.grants if special.is_key else (),
    )


def _denials(layers: Layers, asked: Asked) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """The places that surely deny, and those that may."""
    single: tuple[tuple[LayerName, tuple[Document, ...]], ...] = (
        ("identity", layers.identity),
        ("resource", layers.resource),
        ("boundary", layers.boundary),
        ("session", layers.session),
        ("scp", _flat(layers.scp)),
        ("rcp", _flat(layers.rcp)),
        ("endpoint", layers.endpoint),
    )
    found = [find(name, documents, "Deny", asked) for name, documents in single if documents]
    return (
        tuple(place for each in found for place in each.sure),
        tuple(place for each in found for place in each.unclear),
    )


def _flat(levels: Levels) -> tuple[Document, ...]:
    return tuple(document for level in levels for document in level)


def _answer(verdict: Verdict, doubtful: tuple[Place, ...]) -> Authorization:
    if verdict.allowed is False:
        return Authorization("ImplicitlyDenied", verdict.why)
    if verdict.allowed is None or doubtful:
        places = tuple(dict.fromkeys((*verdict.unclear, *doubtful)))
        return Authorization("unknown", f"not decided: it hangs on {_words(places)}", places)
    return Authorization("Allowed", verdict.why, verdict.granting)


def _words(places: tuple[Place, ...]) -> str:
    return ", ".join(place.words() + (f" ({place.why})" if place.why else "") for place in places)
