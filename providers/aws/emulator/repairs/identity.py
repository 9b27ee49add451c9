"""STS."""

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.wire import Operation


def get_caller_identity(account: Account, _: Operation) -> Members:
    """The assumed role that scans.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: the ARN of an assumed role is
    `arn:aws:sts::account:assumed-role/role/session` and its id `role-id:session`. Moto answers with an ARN that AWS
    never makes, `arn:aws:sts::account:user/moto`.
    """
    return {"UserId": "AROAEXAMPLEAUDITROLE1:scan", "Account": account.number, "Arn": account.caller}
