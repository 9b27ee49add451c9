"""Buckets that answer with TLS of the last century."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-old-tls-allowed", severity="medium", reads=[Bucket.old_tls_refused])
def old_tls_allowed(bucket: Bucket) -> Reasons:
    """A bucket refuses requests with TLS older than 1.2.

    TLS 1.0 and 1.1 rest on ciphers and hashes that are broken. A client that still speaks them works without a word,
    and whoever sits on the path can talk a better client down to them. Azure itself announced an end to both for
    February 2026; the setting is what you can show, and what refuses them wherever that end is late.

    Fix: find the clients that still use old versions in the log of requests, then refuse them. On Azure: `az storage
    account update --name NAME --resource-group GROUP --min-tls-version TLS1_2`.

    References:
    https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version
    https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-migrate-to-tls2
    """
    if not bucket.old_tls_refused:
        yield Reason("its settings do not refuse requests with TLS older than 1.2")


old_tls_allowed.passes(Bucket.given(old_tls_refused=True))
old_tls_allowed.fails(Bucket.given(old_tls_refused=False))
old_tls_allowed.unknown(Bucket.given(old_tls_refused=Unread.denied("Microsoft.Storage/storageAccounts/read")))
