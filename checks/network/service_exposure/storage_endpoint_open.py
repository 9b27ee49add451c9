"""Storage whose endpoint answers everybody."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-endpoint-open", severity="medium", reads=[Bucket.open_endpoint])
def endpoint_open(bucket: Bucket) -> Reasons:
    """The endpoint of a storage account answers only networks that you named.

    An open endpoint lets nobody read by itself. But a stolen key, a leaked signed link or a container that somebody
    makes public tomorrow is then enough, from anywhere; a network rule is the second lock, and it fails at another time
    than the first.

    Fix: close the endpoint and reach the account by private endpoints, or name the networks that need it. On Azure: `az
    storage account update --name NAME --resource-group GROUP --public-network-access Disabled`, or `az storage account
    network-rule add --account-name NAME --resource-group GROUP --ip-address RANGE` and then `az storage account update
    --name NAME --resource-group GROUP --default-action Deny`. Where it serves the public, write an exception.

    References:
    https://learn.microsoft.com/azure/storage/common/storage-network-security
    """
    if bucket.open_endpoint:
        yield Reason("its endpoint answers every network of the internet")


endpoint_open.passes(Bucket.given(open_endpoint=False))
endpoint_open.fails(Bucket.given(open_endpoint=True))
endpoint_open.unknown(Bucket.given(open_endpoint=Unread.denied("Microsoft.Storage/storageAccounts/read")))
