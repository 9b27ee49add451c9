"""What a repair may ask: moto's state, and the facts of the estate that moto has no place for."""

import dataclasses
import uuid
from datetime import UTC, datetime, timedelta

from providers.aws.emulator.estate import Estate
from providers.aws.emulator.world import World


@dataclasses.dataclass
class AccessReport:
    """A report on which services a principal uses, and whether it is ready."""

    arn: str
    ready: bool = False


@dataclasses.dataclass(frozen=True)
class Account:
    """The emulated account: its estate as written, moto's state as it is now, and the hour of its creation."""

    estate: Estate
    world: World
    born: datetime = dataclasses.field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    access_reports: dict[str, AccessReport] = dataclasses.field(default_factory=dict)
    """By the id of their job."""

    @property
    def number(self) -> str:
        """The twelve digits."""
        return self.estate.account

    @property
    def caller(self) -> str:
        """The ARN of the principal that all requests are signed by."""
        return f"arn:aws:sts::{self.number}:assumed-role/PostureAudit/scan"

    @property
    def canonical_id(self) -> str:
        """The owner id that S3 shows in ACLs; moto has one for all accounts."""
        return "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"

    def key_arn(self, alias: str) -> str:
        """The ARN of one of the estate's keys; its id follows from account, region and alias."""
        region = next(key.region for key in self.estate.keys if key.alias == alias)
        identity = uuid.uuid5(uuid.NAMESPACE_DNS, f"{alias}.{region}.{self.number}")
        return f"arn:aws:kms:{region}:{self.number}:key/{identity}"

    def policy_arn(self, name: str) -> str:
        """The ARN of a policy named by its ARN, or by its name when it is the estate's own."""
        return name if name.startswith("arn:") else f"arn:aws:iam::{self.number}:policy/{name}"

    def days_ago(self, days: float) -> datetime:
        """The hour so many days before the account was created."""
        return self.born - timedelta(days=days)
