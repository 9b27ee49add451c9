"""API keys that have been valid for too long."""

from __future__ import annotations

from datetime import timedelta

from providers.gcp.api_keys import ApiKey
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.model import days_ago

OLDEST = timedelta(days=90)


@check("api-key-old", severity="low", reads=[ApiKey.made])
def key_old(key: ApiKey) -> Reasons:
    """An API key is replaced within 90 days.

    Copies of a key gather in pages, apps, logs and notebooks, and nobody can tell who has one. A new key every quarter
    ends them all. Ninety days is what is asked of keys of users and service accounts, too.

    Fix: make a second key with the same restrictions, move its users to it, then delete the old one. On Google Cloud:
    `gcloud services api-keys create --display-name NAME --api-target=service=SERVICE`, `gcloud services api-keys delete
    KEY`.

    References:
    https://cloud.google.com/docs/authentication/api-keys#securing
    https://cloud.google.com/docs/authentication/api-keys-best-practices
    """
    age = key.taken_at - key.made
    if age > OLDEST:
        yield Reason(f"it is {age.days} days old")


key_old.passes(ApiKey.given(made=days_ago(90)))
key_old.fails(ApiKey.given(made=days_ago(91)))
key_old.unknown(ApiKey.given(made=Unread.denied("apikeys.keys.list")))
