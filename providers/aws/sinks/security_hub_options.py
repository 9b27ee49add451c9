"""What a sink `security-hub` is told in the file of options."""

from __future__ import annotations

from providers.aws.sinks.credentials import Credentials, check_region


class SecurityHubOptions(Credentials, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Which hubs findings go to. `role` is taken on in every account but the caller's own: its name, or an ARN with
    `{account}` in it."""

    region: str | None = None
    """The one region whose hub takes all findings; each its own region's where it is not given. Its resource keeps the
    region that it is in."""
    home_region: str | None = None
    """Where findings go that belong to no region, such as those about IAM; the partition's main region (us-east-1)
    where it is not given."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, value in (("region", self.region), ("home-region", self.home_region)):
            if value is not None:
                check_region(name, value)
