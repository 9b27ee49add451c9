"""What AWS brings to the scanner: options, kinds, its policy format, a session, and an emulated account."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from providers.aws.calls import CALLER, REGIONS
from providers.aws.organization import ACCOUNT_TAGS, ORGANIZATION, PARENTS, UNIT
from scanner.facts import Call
from scanner.model import Resource
from scanner.provider import Option, Session, SessionError, Settings


class AwsProvider:
    """Amazon Web Services."""

    name = "aws"
    title = "AWS"
    # AWS_PROFILE is left to the SDK: given as if by a flag, it would win over keys in the environment.
    options: tuple[Option, ...] = (Option("profile", "Profile to use, resolved as the AWS CLI does.", "NAME"),)
    demos: Mapping[str, str] = {
        "aws": "An account with the usual mixture",
        "capital-one-2019": "A proxy on the internet, its machine's keys, a role that reads every bucket, and nobody"
        " who records it",
        "accenture-2017": "Four buckets that anybody could read, with the keys to a cloud platform in them",
        "twins": "The same flaw in several places, and whose it is in each",
    }
    responsibility = Path(__file__).with_name("responsibility.yaml")

    def kinds(self) -> Sequence[type[Resource]]:
        """Every class that is listed, in the order of the report."""
        from providers.aws.kinds import KINDS

        return KINDS

    def session_calls(self, *, regional: bool) -> Sequence[Call]:
        """Who we are, and which regions are enabled."""
        return (CALLER, REGIONS) if regional else (CALLER,)

    def placing_calls(self) -> Sequence[Call]:
        """Which organisation and units the account lies in, and its tags."""
        return (ORGANIZATION, PARENTS, UNIT, ACCOUNT_TAGS)

    def policy(self, permissions: Sequence[str]) -> str:
        """An IAM policy that grants `permissions` and nothing else."""
        statement = {"Sid": "OursideReads", "Effect": "Allow", "Action": sorted(permissions), "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> Session:
        """Sign in."""
        try:
            from providers.aws.client.session import AwsSession
        except ModuleNotFoundError as error:
            raise SessionError(f"{error.name} is not installed. Run: pip install 'ourside[aws]'") from error
        return AwsSession(settings, calls, time_limit)

    @contextmanager
    def demo(self, name: str) -> Iterator[Settings]:
        """An emulated account on this machine."""
        try:
            from providers.aws.emulator import Emulator, default_estate, rehearsal, twins_estate
        except ModuleNotFoundError as error:
            raise SessionError(f"{error.name} is not installed. Run: pip install 'ourside[demo]'") from error
        own = {self.name: default_estate, "twins": twins_estate}
        with Emulator(own[name]() if name in own else rehearsal(name).estate) as account:
            yield {
                "endpoint": account.url,
                "access-key-id": "demo",
                "secret-access-key": "demo",
                "home-region": "us-east-1",
            }


PROVIDER = AwsProvider()
