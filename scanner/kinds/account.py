"""The account, subscription or project as a resource: settings that hold for all of it."""

from __future__ import annotations

from scanner.access import Escalations
from scanner.facts import Fact
from scanner.model import Resource


class Account(Resource, kind="account"):
    """What a customer signs up for, and what every other resource lies in."""

    security_contact = Fact[str | None]("Whom the provider tells about security events, beside the account's owner.")
    escalations = Fact[Escalations]("Ways by which principals that do not hold everything get to it.")
