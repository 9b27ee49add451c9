"""Web apps and function apps, with the verdicts that the documentation gives."""

from __future__ import annotations

from tests.providers.azure.policy.documents import FOREIGN, NARROW, OWN, SUBNET, Case, app, function, function_app, rule

_RULES = "https://learn.microsoft.com/azure/app-service/overview-access-restrictions"
_AUTH = "https://learn.microsoft.com/azure/app-service/overview-authentication-authorization"
_KEYS = "https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#http-auth"
_TENANTS = "https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints"


def _f(name: str, given: dict[str, object], verdict: str, why: str, source: str = _KEYS) -> Case:
    return Case(f"function-{name}", "function-app", "anonymous-data", given, verdict, why, source)


def _w(
    name: str, given: dict[str, object], verdict: str, why: str, source: str = _RULES, dim: str = "anonymous-data"
) -> Case:
    return Case(f"web-{name}", "web-app", dim, given, verdict, why, source)


def _auth(action: str | None, **more: object) -> dict[str, object]:
    return {"enabled": True, "unauthenticatedClientAction": action} | more


CASES = (
    _f("anonymous", function_app(), "public", "No key is asked for."),
    _f("key", function_app(function("function")), "private", "A key is asked for."),
    _f("admin", function_app(function("admin")), "private", "The master key is asked for."),
    _f("upper-case", function_app(function("ANONYMOUS")), "public", "Levels are not case-sensitive."),
    _f("default-level", function_app(function(None)), "unknown", "The default depends on the programming model."),
    _f("timer", function_app(function(None, "timerTrigger")), "private", "No request starts it."),
    _f("queue", function_app(function("anonymous", "queueTrigger")), "private", "No request starts it."),
    _f("strange-trigger", function_app(function("anonymous", "otherTrigger")), "unknown", "An unknown trigger."),
    _f("one-of-two", function_app(function("function"), function()), "public", "One open function is enough."),
    _f("disabled-function", function_app(function(isDisabled=True)), "private", "A disabled function answers nothing."),
    _f("none", app(functions=[]), "private", "Nothing is served."),
    _f("off", function_app(publicNetworkAccess="Disabled"), "private", "No public endpoint.", _RULES),
    _f("login", function_app(auth=_auth("RedirectToLoginPage")), "private", "No request without login.", _AUTH),
    _f("401", function_app(auth=_auth("Return401")), "private", "Turned away.", _AUTH),
    _f(
        "auth-off",
        function_app(auth={"enabled": False, "unauthenticatedClientAction": "Return401"}),
        "public",
        "The action means nothing while authentication is off.",
        _AUTH,
    ),
    _f("auth-default", function_app(auth=_auth(None)), "unknown", "The action's default is not documented.", _AUTH),
    _f("auth-key", function_app(function("function"), auth=_auth("AllowAnonymous")), "private", "The key remains."),
    _f(
        "own-tenant",
        function_app(tenantId=OWN, auth=_auth("Return401", issuerTenant=OWN)),
        "private",
        "Only the own tenant signs in.",
        _AUTH,
    ),
    _f(
        "foreign-tenant",
        function_app(tenantId=OWN, auth=_auth("Return401", issuerTenant=FOREIGN)),
        "cross-account",
        "Another tenant signs in.",
        _AUTH,
    ),
    _f(
        "tenant-alone",
        function_app(auth=_auth("Return401", issuerTenant=FOREIGN)),
        "cross-account",
        "Whose tenant the owner's is, is not told: the one that signs in may be another's, and the answer says so.",
        _AUTH,
    ),
    _f(
        "common",
        function_app(tenantId=OWN, auth=_auth("Return401", issuerTenant="common")),
        "public",
        "Every account signs in.",
        _TENANTS,
    ),
    _f(
        "common-url",
        function_app(
            auth=_auth("RedirectToLoginPage", issuerTenant="https://login.microsoftonline.com/organizations/v2.0")
        ),
        "public",
        "Every organisation signs in.",
        _TENANTS,
    ),
    _f(
        "common-key",
        function_app(function("function"), auth=_auth("Return401", issuerTenant="common")),
        "private",
        "Signed in or not, the key remains.",
    ),
    _f(
        "excluded",
        function_app(auth=_auth("Return401", excludedPaths=["/api/f"])),
        "unknown",
        "A path is excluded.",
        _AUTH,
    ),
    _f("range", function_app(rules=(rule(NARROW),)), "cross-account", "Rules end in an implicit deny.", _RULES),
    _f(
        "range-default-allow",
        function_app(rules=(rule(NARROW),), ipSecurityRestrictionsDefaultAction="Allow"),
        "public",
        "What no rule matches is allowed.",
        _RULES,
    ),
    _f("default-deny", function_app(ipSecurityRestrictionsDefaultAction="Deny"), "private", "Nobody matches.", _RULES),
    _w("open", app(), "public", "No rule, no login."),
    _w("absent", {}, "public", "The defaults are open."),
    _w(
        "private-endpoint",
        {"privateEndpointConnections": [{"id": "p"}]},
        "private",
        "Nothing stored and a private endpoint: the public endpoint is off.",
    ),
    _w("any", app(rule("Any")), "public", "Any is everybody."),
    _w("deny-any", app(rule("Any", "Deny", 50), rule(NARROW)), "private", "The first match decides."),
    _w("order", app(rule("Any", "Deny", 2147483647), rule(NARROW, priority=100)), "cross-account", "By priority."),
    _w("block-one", app(rule(NARROW, "Deny"), ipSecurityRestrictionsDefaultAction="Allow"), "public", "All but one."),
    _w("block-one-default", app(rule(NARROW, "Deny")), "private", "A rule alone turns the default to deny."),
    _w("same-priority", app(rule(NARROW, "Deny"), rule(NARROW)), "private", "Listed order among equals."),
    _w("split", app(rule("0.0.0.0/1"), rule("128.0.0.0/1", priority=200)), "public", "Two halves."),
    _w("several", app(rule("198.51.100.1/32,203.0.113.0/24")), "cross-account", "Several sources in one rule."),
    _w("ipv6", app(rule("::/0")), "public", "Everybody with IPv6."),
    _w("ipv6-narrow", app(rule("2001:db8::/48")), "cross-account", "One IPv6 network."),
    _w("subnet", app({"vnetSubnetResourceId": SUBNET, "action": "Allow", "priority": 1}), "cross-account", "A subnet."),
    _w("any-subnets", app(rule("AnyVnets")), "cross-account", "Every customer's subnets with a service endpoint."),
    _w("tag", app(rule("AzureCloud", tag="ServiceTag")), "cross-account", "Every customer's hosts."),
    _w(
        "front-door", app(rule("AzureFrontDoor.Backend", tag="ServiceTag")), "cross-account", "Any customer's instance."
    ),
    _w(
        "front-door-id",
        app(rule("AzureFrontDoor.Backend", tag="ServiceTag", headers={"x-azure-fdid": ["1"]})),
        "unknown",
        "What the instance lets through lies elsewhere.",
    ),
    _w(
        "header-range", app(rule("0.0.0.0/0", headers={"x-forwarded-host": ["a"]})), "public", "Callers choose headers."
    ),
    _w(
        "header-deny",
        app(rule("0.0.0.0/0", "Deny", headers={"x-forwarded-host": ["a"]}), rule("Any", priority=200)),
        "public",
        "Callers leave headers out.",
    ),
    _w("broken", app(rule("198.51.100.0/99")), "unknown", "No range."),
    _w(
        "broken-deny",
        app(rule("1.2.3.4/99", "Deny", 1), rule("Any", priority=2)),
        "unknown",
        "Who is denied is not known.",
    ),
    _w(
        "login-range",
        app(rule(NARROW), auth=_auth("Return401", issuerTenant="common")),
        "cross-account",
        "Every account, from one range.",
        _AUTH,
    ),
    _w("network-login", app(auth=_auth("Return401")), "public", "A connection needs no login.", _RULES, "network"),
)
