"""Software whose patches wait for somebody, or are no longer made."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Software


@check("software-unpatched", severity="medium", reads=[Software.updates])
def unpatched(software: Software) -> Reasons:
    """Patches of the software beneath a resource are put in place by themselves.

    A patch that waits for somebody tells every attacker where to look, and waits longest where nobody knows that it is
    theirs. The provider has made it and would put it in place; the switch is off, or the version is so old that none
    is made any more.

    Fix: let patches in, in a window that suits you. On AWS: `aws rds modify-db-instance --db-instance-identifier NAME
    --auto-minor-version-upgrade`, `aws lambda put-runtime-management-config --function-name NAME --update-runtime-on
    Auto`; move a function from a deprecated runtime with `aws lambda update-function-configuration --function-name NAME
    --runtime RUNTIME`; update nodes with `aws eks update-nodegroup-version --cluster-name CLUSTER --nodegroup-name
    NAME`, and move those of Amazon Linux 2 to a node group of AL2023 or to EKS Auto Mode. On Google Cloud: `gcloud
    container node-pools update POOL --cluster NAME --enable-autoupgrade`. On Azure: for a machine: `az vm update
    --resource-group GROUP --name NAME --set osProfile.windowsConfiguration.patchSettings.patchMode=AutomaticByPlatform
    osProfile.windowsConfiguration.enableAutomaticUpdates=true`; for nodes: `az aks update --resource-group GROUP --name
    NAME --node-os-upgrade-channel NodeImage`.

    References:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
    https://docs.aws.amazon.com/lambda/latest/dg/runtime-management-shared.html
    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
    https://learn.microsoft.com/azure/virtual-machines/automatic-vm-guest-patching
    https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image
    https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-upgrades
    """
    if software.updates == "manual":
        yield Reason("patches are there, and wait until somebody lets them in")
    if software.updates == "unsupported":
        yield Reason("its version is out of support: no patches are made for it any more")


unpatched.passes(Software.given(updates="automatic"))
unpatched.fails(Software.given(updates="manual"))
unpatched.fails(Software.given(updates="unsupported"))
unpatched.unknown(Software.given(updates=Unread.denied("lambda:GetRuntimeManagementConfig")))
