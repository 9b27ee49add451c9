"""Microsoft Defender for Cloud: its plans, each for one sort of resource."""

from __future__ import annotations

from providers.azure import ids
from providers.azure.arm import arm
from scanner.facts import Answer, Fact
from scanner.model import Listing, Resource

PLANS = arm("Microsoft.Security/pricings")


def _deprecated(item: Answer) -> bool:
    # Only a plan that others took the place of says so, and it can no longer be bought:
    # https://learn.microsoft.com/rest/api/defenderforcloud/pricings/list
    return bool(item["properties"].get("deprecated"))


class DefenderPlan(Resource, kind="detection-plan", type_id="azure.security.pricing"):
    """A plan of Microsoft Defender for Cloud. One that others took the place of is not the customer's to change."""

    listed = Listing(uid=ids.uid, name="{name}", call=PLANS, provider_owned=_deprecated)
    tier = Fact[str]("`Standard` where it is on, `Free` where it is not.").listed(
        lambda item: item["properties"]["pricingTier"]
    )
    # Plans without variants have none: https://learn.microsoft.com/rest/api/defenderforcloud/pricings/list
    variant = Fact[str | None]("Which of the plan's variants was chosen; nothing where it has none.").listed(
        lambda item: item["properties"].get("subPlan")
    )
