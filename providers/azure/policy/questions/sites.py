"""Who outside gets an answer of a web app or function app without a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from providers.azure.policy.model.sites import Issuer, Site
from providers.azure.policy.questions.exposed import Content, exposed
from providers.azure.policy.questions.restrictions import site_reach
from scanner.access import Access
from scanner.facts import Unread

CALL: Final = "send a request"
CONNECT: Final = "connect"
SITE: Final = "the site"


def site_access(site: Site) -> Access:
    """Who gets an answer without a key, unsigned or signed in."""
    contents = [door for served in _served(site) for door in _doors(site, served)]
    return exposed(contents, site_reach(site))


def site_network_access(site: Site) -> Access:
    """Who may open a connection to the site."""
    return exposed((Content("the public endpoint", ("connect",), CONNECT, SITE),), site_reach(site))


def _served(site: Site) -> Iterator[Content]:
    """What answers a request without a key, for everybody as far as it is concerned."""
    if site.functions is None:
        yield Content(SITE, ("read",), CALL, SITE)
        return
    if isinstance(site.functions, Unread):
        yield Content("the functions", ("read",), CALL, "any function", unread=site.functions)
        return
    for one in site.functions:
        if one.disabled or one.http is False or one.level == "key":
            continue
        doubt = "" if one.http else "its trigger is none that we know"
        if one.http and one.level is None:
            # The level that holds where none is set depends on the programming model.
            doubt = "its authorization level is not stored"
        yield Content(f"function {one.name}", ("read",), CALL, one.name, doubt=doubt)


def _doors(site: Site, served: Content) -> Iterator[Content]:
    """The same, behind the platform's authentication."""
    sign_in = site.sign_in
    if sign_in is None:
        yield served
        return
    if isinstance(sign_in, Unread):
        yield _perhaps(served, "whether the platform authenticates was not read", sign_in)
        return
    if isinstance(sign_in.unauthenticated, Unread):
        yield _perhaps(served, "what becomes of unauthenticated requests is not known", sign_in.unauthenticated)
    elif sign_in.unauthenticated == "allow":
        yield served
    elif sign_in.excluded_paths:
        yield _perhaps(served, f"the path {sign_in.excluded_paths[0]} needs no authentication")
    for kind, name in sign_in.issuers:
        if kind != "own":
            yield _signed_in(served, kind, name)


def _perhaps(served: Content, why: str, unread: Unread | None = None) -> Content:
    return Content(served.name, served.verbs, served.action, served.resource, doubt=why, unread=unread or served.unread)


def _signed_in(served: Content, kind: Issuer, name: str) -> Content:
    text = f"anyone with an account at {name}" if kind == "any" else f"users of {name}"
    return Content(
        f"{served.name}, signed in at {name}",
        served.verbs,
        served.action,
        served.resource,
        who="anyone" if kind == "any" else "named",
        text=text,
        identity=name,
        doubt=served.doubt,
        unread=served.unread,
    )
