"""API keys that work for everybody, or for every API."""

from __future__ import annotations

from providers.gcp.api_keys import ApiKey
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("api-key-unrestricted", severity="medium", reads=[ApiKey.apis, ApiKey.callers_named])
def unrestricted(key: ApiKey) -> Reasons:
    """An API key works for named APIs and named callers alone.

    A key is a text in a web page or an app, where everybody can read it. Without restrictions it opens every API that
    the project uses and that takes keys, those of tomorrow too, from anywhere, and the project pays for the calls.

    Fix: name the APIs that its users call, and the web sites, addresses or apps that may call them. On Google Cloud:
    `gcloud services api-keys update KEY --api-target=service=SERVICE --allowed-referrers=SITE`, or `--allowed-ips`,
    `--allowed-application`, `--allowed-bundle-ids`. A program of your own takes a service account instead.

    References:
    https://cloud.google.com/docs/authentication/api-keys#securing
    https://cloud.google.com/api-keys/docs/add-restrictions-api-keys
    """
    if not key.apis:
        yield Reason("it opens every API of the project that takes keys")
    if not key.callers_named:
        yield Reason("it works from anywhere, for any web site or app")


unrestricted.passes(ApiKey.given(apis=("maps-backend.googleapis.com",), callers_named=True))
unrestricted.fails(ApiKey.given(apis=(), callers_named=True))
unrestricted.fails(ApiKey.given(apis=("maps-backend.googleapis.com",), callers_named=False))
unrestricted.unknown(ApiKey.given(apis=Unread.denied("apikeys.keys.list"), callers_named=True))
unrestricted.unknown(
    ApiKey.given(apis=("maps-backend.googleapis.com",), callers_named=Unread.denied("apikeys.keys.list"))
)
