"""Plans that look for attacks, and are off."""

from __future__ import annotations

from providers.azure.defender import DefenderPlan
from scanner.check import Reason, Reasons, check
from scanner.facts import Unread


@check("detection-plan-off", severity="medium", reads=[DefenderPlan.tier])
def plan_off(plan: DefenderPlan) -> Reasons:
    """Every plan of Microsoft Defender for Cloud is on.

    A plan watches one sort of resource for what an attack looks like: a key that is used from a new country, a machine
    that scans others, a script that reads a whole vault. With the plan off nobody looks, and the record of it is found
    months later. What you do not use costs nothing, and is watched from the day on which somebody begins to use it.

    Fix: switch the plan on. On Azure: `az security pricing create --name PLAN --tier standard`, in every subscription
    or by a policy of the management group. Write an exception for a plan whose resources another product watches.

    References:
    https://learn.microsoft.com/azure/defender-for-cloud/defender-for-cloud-introduction
    https://learn.microsoft.com/azure/defender-for-cloud/connect-azure-subscription
    """
    if plan.tier.casefold() == "free":
        yield Reason(f"the plan {plan.name} of Microsoft Defender for Cloud is off")


plan_off.passes(DefenderPlan.given("VirtualMachines", tier="Standard"))
plan_off.fails(DefenderPlan.given("VirtualMachines", tier="Free"))
plan_off.unknown(DefenderPlan.given("VirtualMachines", tier=Unread.denied("Microsoft.Security/pricings/read")))
