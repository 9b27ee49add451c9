"""One Security Hub: the account and region that it is in, and what to do where it takes nothing."""

from __future__ import annotations

import msgspec

NOBODY = "000000000000"
"""The account of a test, instead of which the caller's own is written."""


class Hub(msgspec.Struct, frozen=True):
    """Where it is."""

    partition: str
    account: str
    region: str

    @property
    def product(self) -> str:
        """The product that takes findings of whoever has none of its own.

        https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html
        """
        where = f"{self.region}:{self.account}:product/{self.account}/default"
        return f"arn:{self.partition}:securityhub:{where}"

    def role(self, named: str) -> str:
        """The ARN of a role in its account, which is named by its name or by an ARN with `{account}` in it."""
        if named.startswith("arn:"):
            return named.replace("{account}", self.account).replace("{partition}", self.partition)
        return f"arn:{self.partition}:iam::{self.account}:role/{named}"

    def __str__(self) -> str:
        return f"Security Hub in {self.region} of account {self.account}"


def elsewhere(hub: Hub, caller: str) -> str:
    """What to do where the credentials are of another account, and no role is named."""
    return (
        f"a finding of account {hub.account} is only taken from that account, and the credentials are of {caller}: "
        "name under `role` one to take on there, or use a `profile` of that account"
    )


def off(hub: Hub) -> str:
    """What to do where it is not enabled."""
    return (
        f"{hub} is not enabled. Run there: aws securityhub enable-security-hub --region {hub.region}; "
        "or name under `region` one where it is"
    )


def denied(hub: Hub, said: str, role: str | None) -> str:
    """What to do where it refuses; it does so also for much else: https://github.com/prowler-cloud/prowler/issues/867"""
    who = f"the role {role}" if role else "the caller"
    first = f"grant the caller sts:AssumeRole on {role}; " if role else ""
    return (
        f"{hub} refused ({said}): {first}grant {who} securityhub:BatchImportFindings on {hub.product}, and see that it "
        f"is enabled: aws securityhub describe-hub --region {hub.region}"
    )


def sample() -> bytes:
    """A finding of nobody's account that says that it is a sample; archived, so that nobody works on it."""
    time = "2026-01-01T00:00:00.000Z"
    return msgspec.json.encode(
        {
            "SchemaVersion": "2018-10-08",
            "Id": "ourside-test",
            "ProductArn": Hub("aws", NOBODY, "us-east-1").product,
            "GeneratorId": "ourside-test",
            "AwsAccountId": NOBODY,
            "CreatedAt": time,
            "UpdatedAt": time,
            "Title": "Ourside: test of the delivery of findings",
            "Description": "Findings can be delivered to this hub. Nothing has to be done about this one.",
            "FindingProviderFields": {"Severity": {"Label": "INFORMATIONAL"}},
            "Resources": [{"Type": "Other", "Id": "ourside-test"}],
            "RecordState": "ARCHIVED",
            "Sample": True,
        }
    )
