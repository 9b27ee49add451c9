"""The subscription itself: settings that hold for all of it."""

from __future__ import annotations

from scanner.kinds import Account
from scanner.model import Listing


class AzureSubscription(Account, type_id="azure.resources.subscription"):
    """An Azure subscription."""

    listed = Listing(uid="{scope.uid}", name="{scope.name}")
