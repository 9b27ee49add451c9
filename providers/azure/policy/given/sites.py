"""Web apps and function apps out of JSON."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.network import allows, subnet, switch
from providers.azure.policy.model.addresses import AddressRange, Malformed, parse_range
from providers.azure.policy.model.scopes import subscription_of
from providers.azure.policy.model.sites import Function, Issuer, Level, SignIn, Site, SiteRule, Unauthenticated
from scanner.facts import Unread

LOWEST: Final = 2_147_483_647
"""The priority of what Azure itself appends."""
_LEVELS: Final[dict[str, Level]] = {"anonymous": "anonymous", "function": "key", "admin": "key", "system": "key"}
# fmt: off
_EVENTS: Final = frozenset((
    "activity", "blob", "cosmosdb", "dapr", "daprbinding", "daprserviceinvocation", "daprtopic",
    "durableclient", "entity", "eventgrid", "eventhub", "iothub", "kafka", "manual", "mysql", "orchestration",
    "queue", "rabbitmq", "redislist", "redispubsub", "redisstream", "sendgrid", "servicebus", "signalr",
    "sql", "table", "timer", "warmup", "webpubsub",
))
# fmt: on
"""Triggers other than HTTP. Those with an endpoint of their own ask for a system key.

https://learn.microsoft.com/azure/azure-functions/functions-triggers-bindings
"""
_NAMES: Final = frozenset(
    {"any", "anyvnets", "internet", "actiongroup", "apimanagement", "appservice", "appservicemanagement"}
    | {"azurecloud", "azuredevops", "azureeventgrid", "azurefrontdoor", "azuremonitor", "azuresignalr"}
    | {"azuretrafficmanager", "datafactory", "eventhub", "logicapps", "logicappsmanagement", "powerbi", "servicebus"}
)
"""https://learn.microsoft.com/azure/virtual-network/service-tags-overview"""
_ACTIONS: Final[dict[str, Unauthenticated]] = {
    "allowanonymous": "allow",
    "redirecttologinpage": "refuse",
    "return401": "refuse",
    "return403": "refuse",
    "return404": "refuse",
}
_EVERY_ACCOUNT: Final = frozenset(
    {"common", "organizations", "consumers", "{tenantid}", "9188040d-6c67-4c5b-b112-36a304b66dad"}
)
"""Issuers behind which every organisation, or every personal account, of the world signs in.

https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints
"""


def web_app(given: Fields) -> Site:
    """A site, all of which is served."""
    config = given.inner("siteConfig") or given
    rules = tuple(_rule(one, subscription_of(given.text("id"))) for one in config.objects("ipSecurityRestrictions"))
    default = config.has("ipSecurityRestrictionsDefaultAction")
    return Site(
        on=_on(given),
        rules=rules,
        default_allow=allows(config, "ipSecurityRestrictionsDefaultAction") if default else None,
        sign_in=_sign_in(given),
        assumed=_assumed(given),
    )


def function_app(given: Fields) -> Site:
    """A site that serves functions."""
    site = web_app(given)
    functions = tuple(_function(one) for one in given.objects("functions"))
    return replace(site, functions=functions)


def _on(given: Fields) -> bool:
    """Nothing stored: on, unless there is a private endpoint."""
    if given.text("publicNetworkAccess"):
        return switch(given) == "enabled"
    return not any(True for _ in given.objects("privateEndpointConnections"))


def _rule(given: Fields, subscription: str) -> SiteRule:
    headers = given.inner("headers")
    written = [text.strip() for text in given.text("ipAddress").split(",") if text.strip()]
    is_tag = given.text("tag").casefold() == "servicetag"
    parsed = [] if is_tag else [_source(text) for text in written]
    tags = tuple(written) if is_tag else tuple(text for text in parsed if isinstance(text, str))
    identifier = given.text("vnetSubnetResourceId")
    names = tuple(name.casefold() for name in tags)
    return SiteRule(
        allow=allows(given, "action"),
        priority=given.number("priority", 65_000),
        ranges=tuple(one for one in parsed if not isinstance(one, str)),
        everything="any" in names or "internet" in names,
        any_subnet="anyvnets" in names,
        tags=tuple(tag for tag in tags if tag.casefold() not in ("any", "internet", "anyvnets")),
        subnet=subnet(identifier, subscription) if identifier else None,
        headers=() if headers is None else headers.names(),
    )


def _source(text: str) -> AddressRange | Malformed | str:
    """A range; or a name of App Service's own or of a service tag, which may stand there without `tag`."""
    return text if text.partition(".")[0].casefold() in _NAMES else parse_range(text)


def _sign_in(given: Fields) -> SignIn | None:
    auth = given.inner("auth") or given.inner("authSettings")
    if auth is None or auth.flag("enabled") is not True:
        return None
    action = auth.text("unauthenticatedClientAction")
    answer: Unauthenticated | Unread | None = _ACTIONS.get(action.casefold())
    if answer is None:
        why = f"unauthenticatedClientAction is {action or 'not stored'}"
        answer = Unread("not-yet-known", detail=f"what becomes of unauthenticated requests is not known: {why}")
    if auth.flag("requireAuthentication") is False and answer != "allow":
        answer = Unread(
            "not-yet-known", detail="authentication is not required, yet unauthenticated requests are refused"
        )
    return SignIn(answer, _issuers(auth, given.text("tenantId")), auth.texts("excludedPaths"))


def _issuers(auth: Fields, tenant: str) -> tuple[tuple[Issuer, str], ...]:
    """The one issuer that the input knows: the owner's tenant only where `tenantId` tells that it is that.

    Nothing in the app's own settings says whose tenant the owner's is, so an unnamed one counts as another's.
    """
    written = auth.text("issuerTenant") or auth.text("issuer")
    if not written:
        return ()
    name = _tenant_of(written)
    if name.casefold() in _EVERY_ACCOUNT:
        return (("any", name),)
    return (("own" if name.casefold() == tenant.casefold() else "foreign", name),)


def _assumed(given: Fields) -> str:
    sign_in = _sign_in(given)
    foreign = [name for kind, name in sign_in.issuers if kind == "foreign"] if sign_in is not None else []
    return (
        f"the tenant {foreign[0]} is taken for another's, as tenantId does not say whose the app is"
        if foreign and not given.text("tenantId")
        else ""
    )


def _tenant_of(issuer: str) -> str:
    """The tenant in an issuer's URL such as `https://sts.windows.net/{tenant}/`."""
    _, slashes, rest = issuer.strip().partition("://")
    if not slashes:
        return issuer.strip()
    parts = [part for part in rest.split("/")[1:] if part]
    return parts[0] if parts else issuer.strip()


def _function(given: Fields) -> Function:
    name = given.text("trigger").casefold().removesuffix("trigger")
    http = True if name == "http" else False if name in _EVENTS else None
    level = _LEVELS.get(given.text("authLevel").casefold())
    disabled = given.flag("isDisabled") is True or given.flag("disabled") is True
    return Function(given.text("name"), http, level, disabled)
