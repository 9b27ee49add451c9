"""Whether a web site answers one request without a key.

https://learn.microsoft.com/azure/app-service/overview-access-restrictions
https://learn.microsoft.com/azure/app-service/overview-authentication-authorization
"""

from __future__ import annotations

from providers.azure.policy.concrete.connect import contains
from providers.azure.policy.model.requests import Source
from providers.azure.policy.model.scopes import normal
from providers.azure.policy.model.sites import Site, SiteRule
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of

UNSIGNED = ""
"""The identity of a request that brings none."""


def site_admits(site: Site, source: Source) -> Ternary:
    """Whether the access restrictions let a request from there in, with the headers that suit its sender best."""
    if isinstance(site.on, Unread) or not site.on:
        return None if isinstance(site.on, Unread) else False
    if isinstance(site.rules, Unread):
        return None
    answers: set[Ternary] = set()
    for rule in sorted(site.rules, key=lambda one: one.priority):
        meets = _meets(rule, source)
        if rule.headers and meets is not False:
            meets = _with_headers(rule, source)
        if meets:
            return _one(answers, rule.allow)
        if meets is None:
            answers.add(rule.allow)
    if isinstance(site.default_allow, Unread):
        return None
    return _one(answers, site.default_allow if site.default_allow is not None else not site.rules)


def _one(perhaps: set[Ternary], last: bool) -> Ternary:
    """The answer where rules that perhaps match, and at last one that does, agree."""
    return last if perhaps <= {last} else None


def _meets(rule: SiteRule, source: Source) -> Ternary:
    if rule.everything:
        return True
    match source.kind:
        case "address":
            # Which addresses a service tag stands for changes week by week; a caller chosen for its address is
            # taken to be outside of them.
            return contains(rule.ranges, source.value)
        case "subnet":
            named = rule.subnet is not None and normal(rule.subnet.id) == normal(source.value)
            return named or rule.any_subnet
        case "azure":
            return rule.any_subnet
        case "service":
            return source.value.casefold() in {tag.casefold() for tag in rule.tags}
        case _:
            return False


def _with_headers(rule: SiteRule, source: Source) -> Ternary:
    """Whoever sends a request chooses its headers: it has what an Allow asks for, and not what a Deny does.

    Only through a proxy of Azure's the headers are the proxy's; some customer's proxy lacks what a Deny looks for.
    """
    return None if source.kind == "service" and rule.allow else rule.allow


def serves(site: Site, function: str, identity: str = UNSIGNED) -> Ternary:
    """Whether a request without a key, from a place that is let in, gets an answer of the site or of a function."""
    return all_of((_signed_in(site, identity), _open(site, function)))


def _signed_in(site: Site, identity: str) -> Ternary:
    sign_in = site.sign_in
    if sign_in is None or isinstance(sign_in, Unread):
        return None if isinstance(sign_in, Unread) else True
    if identity != UNSIGNED and identity in {name for _, name in sign_in.issuers}:
        return True
    if isinstance(sign_in.unauthenticated, Unread):
        return None
    if sign_in.unauthenticated == "allow":
        return True
    return None if sign_in.excluded_paths else False


def _open(site: Site, function: str) -> Ternary:
    if site.functions is None or isinstance(site.functions, Unread):
        return True if site.functions is None else None
    answers = [
        all_of((one.http, None if one.level is None else one.level == "anonymous", not one.disabled))
        for one in site.functions
        if one.name == function
    ]
    return any_of(answers)
