"""Audit trails: where the provider's record of calls to its API goes."""

from __future__ import annotations

from typing import Literal

from scanner.facts import Fact, Relation
from scanner.kinds.encryption import Encryption
from scanner.kinds.storage import Bucket
from scanner.model import Resource

Recorded = Literal["all", "only-reads", "only-writes", "some", "none"]
"""`some`: chosen by more than whether they read or change."""


class AuditTrail(Resource, kind="audit-trail"):
    """A setting that records who did what in an account, and delivers the record somewhere."""

    active = Fact[bool]("It is recording.")
    everywhere = Fact[bool]("It records all regions, those of tomorrow too.")
    management_events = Fact[Recorded]("Which changes to and reads of the account's configuration it records.")
    delivery_error = Fact[str | None]("Why the last delivery failed; nothing where it went well.")
    tamper_evident = Fact[bool]("A changed, missing or forged record can be told.")
    encryption = Fact[Encryption]("How the record is encrypted at rest.")
    watched_by = Fact[str | None]("The log service that receives it as it happens, so that alarms can be set.")
    stores_in = Relation[Bucket]("The bucket that keeps the record.")
