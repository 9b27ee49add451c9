"""EC2's volumes and snapshots: moto's answers, cut to what was asked."""

from moto.ec2.models import ec2_backends

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.repairs.regions import values
from providers.aws.emulator.wire import Operation


def describe_volumes(_: Account, operation: Operation, answered: Members) -> Members:
    """Volumes in pages.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html: MaxResults cuts the answer and
    NextToken goes on. Moto answers all volumes at once.
    """
    volumes, following = page(
        operation, answered["Volumes"], limit="MaxResults", token="NextToken", most=500, default=None
    )
    return {"Volumes": volumes} | ({"NextToken": following} if following else {})


def describe_snapshots(account: Account, operation: Operation, answered: Members) -> Members:
    """Snapshots of the owners, and restorable by the accounts, that were asked for, in pages.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html: OwnerIds may be `self`,
    RestorableByUserIds may be `all` for public ones. Moto ignores both and answers the snapshots of AWS's own images
    among the account's, and has no pages.
    """
    owners = {account.number if owner == "self" else owner for owner in values(operation, "Owner")}
    users = set(values(operation, "RestorableBy"))
    held = ec2_backends[account.number][operation.region].snapshots
    chosen = []
    for snapshot in answered["Snapshots"]:
        kept = held[snapshot["SnapshotId"]]
        may_restore = kept.create_volume_permission_groups | kept.create_volume_permission_userids
        if (not owners or snapshot["OwnerId"] in owners) and (not users or may_restore & users):
            chosen.append(snapshot)
    snapshots, following = page(operation, chosen, limit="MaxResults", token="NextToken", most=1000, default=None)
    return {"Snapshots": snapshots} | ({"NextToken": following} if following else {})
