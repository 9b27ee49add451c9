"""The organisation above the account, as its management account and those that it delegated to are told of it.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html
"""

from providers.aws.emulator.account import Account
from providers.aws.emulator.estate_people import Organization
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.wire import Operation


def describe_organization(account: Account, operation: Operation) -> Members:
    """The organisation, which every member may ask about."""
    del operation
    found = _organization(account)
    return {
        "Organization": {
            "Id": found.id,
            "Arn": _arn(found, f"organization/{found.id}"),
            "FeatureSet": "ALL",
            "MasterAccountArn": _arn(found, f"account/{found.id}/{found.management}"),
            "MasterAccountId": found.management,
            "MasterAccountEmail": "cloud@example.com",
        }
    }


def list_parents(account: Account, operation: Operation) -> Members:
    """What the account, or a unit above it, lies directly in."""
    found = _organization(account)
    child = operation.parameters["ChildId"]
    chain = [account.number, *(unit.id for unit in reversed(found.units)), found.root]
    if child not in chain[:-1]:
        raise Refused(400, "ChildNotFoundException", "You specified a child that does not exist.")
    parent = chain[chain.index(child) + 1]
    return {"Parents": [{"Id": parent, "Type": "ROOT" if parent == found.root else "ORGANIZATIONAL_UNIT"}]}


def describe_organizational_unit(account: Account, operation: Operation) -> Members:
    """A unit above the account."""
    found = _organization(account)
    wanted = operation.parameters["OrganizationalUnitId"]
    for unit in found.units:
        if unit.id == wanted:
            arn = _arn(found, f"ou/{found.id}/{unit.id}")
            return {"OrganizationalUnit": {"Id": unit.id, "Arn": arn, "Name": unit.name}}
    raise Refused(
        400, "OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist."
    )


def list_tags_for_resource(account: Account, operation: Operation) -> Members:
    """The tags of the account."""
    found = _organization(account)
    if operation.parameters["ResourceId"] != account.number:
        raise Refused(400, "TargetNotFoundException", "You specified a target that doesn't exist.")
    return {"Tags": [{"Key": key, "Value": value} for key, value in found.tags.items()]}


def _organization(account: Account) -> Organization:
    if account.estate.organization is None:
        raise Refused(400, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
    return account.estate.organization


def _arn(found: Organization, what: str) -> str:
    return f"arn:aws:organizations::{found.management}:{what}"
