"""Who can do everything, and which dangerous things the others can do: by what is allowed, not by how it is spelled.

Everything is what the account itself can do: an action that guardrails take from all its principals is not asked for.
"""

from __future__ import annotations

from typing import Final

import msgspec

from providers.aws.policy.escalation.oracle import Known, Possible
from providers.aws.policy.escalation.principals import ANYTHING, Principal
from providers.aws.policy.escalation.spread import Spreads
from providers.aws.policy.questions.dangerous import EVERYTHING, Ask
from scanner.ternary import Ternary, all_of, any_of


class Capability(msgspec.Struct, frozen=True):
    """A dangerous thing to be able to do: each of these requests would do."""

    name: str
    words: str
    asks: tuple[Ask, ...]


def _iam(operation: str, kind: str) -> Ask:
    return Ask(f"iam:{operation}", f"arn:aws:iam::{{account}}:{kind}/any-{kind}")


CAPABILITIES: Final = (
    Capability(
        "write-grants",
        "change what any principal is allowed",
        (
            _iam("PutUserPolicy", "user"),
            _iam("PutRolePolicy", "role"),
            _iam("AttachUserPolicy", "user"),
            _iam("AttachRolePolicy", "role"),
            _iam("CreatePolicyVersion", "policy"),
        ),
    ),
    Capability(
        "become-users", "sign in as any user", (_iam("CreateAccessKey", "user"), _iam("UpdateLoginProfile", "user"))
    ),
    Capability("change-trust", "decide who takes on any role", (_iam("UpdateAssumeRolePolicy", "role"),)),
    Capability("pass-any-role", "pass any role to a service", (_iam("PassRole", "role"),)),
    Capability(
        "key-policies",
        "decide who uses any key",
        (
            Ask("kms:PutKeyPolicy", "arn:aws:kms:us-east-1:{account}:key/any"),
            Ask("kms:CreateGrant", "arn:aws:kms:us-east-1:{account}:key/any"),
        ),
    ),
    Capability(
        "destroy-keys",
        "have any key deleted",
        (Ask("kms:ScheduleKeyDeletion", "arn:aws:kms:us-east-1:{account}:key/any"),),
    ),
    Capability(
        "organization",
        "change the organization",
        (
            Ask("organizations:LeaveOrganization", "*"),
            Ask(
                "organizations:DetachPolicy",
                "arn:aws:organizations::{account}:policy/o-any/service_control_policy/p-any",
            ),
        ),
    ),
    Capability(
        "read-all-objects", "read every object of every bucket", (Ask("s3:GetObject", "arn:aws:s3:::any-bucket/any"),)
    ),
    Capability(
        "bucket-policies", "decide who reads any bucket", (Ask("s3:PutBucketPolicy", "arn:aws:s3:::any-bucket"),)
    ),
    Capability(
        "read-all-secrets",
        "read every secret",
        (Ask("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:{account}:secret:any"),),
    ),
    Capability(
        "read-all-tables",
        "read every table",
        (Ask("dynamodb:Scan", "arn:aws:dynamodb:us-east-1:{account}:table/any"),),
    ),
    Capability(
        "share-disks",
        "share any snapshot with the world",
        (
            Ask("ec2:ModifySnapshotAttribute", "arn:aws:ec2:us-east-1::snapshot/snap-any"),
            Ask("rds:ModifyDBSnapshotAttribute", "arn:aws:rds:us-east-1:{account}:snapshot:any"),
        ),
    ),
    Capability(
        "stop-logging",
        "stop the audit trail",
        (
            Ask("cloudtrail:StopLogging", "arn:aws:cloudtrail:us-east-1:{account}:trail/any"),
            Ask("cloudtrail:DeleteTrail", "arn:aws:cloudtrail:us-east-1:{account}:trail/any"),
        ),
    ),
    Capability(
        "change-code",
        "replace the code of any function",
        (Ask("lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:{account}:function:any"),),
    ),
    Capability(
        "run-anywhere",
        "run commands on any instance",
        (Ask("ssm:SendCommand", "arn:aws:ec2:us-east-1:{account}:instance/i-any"),),
    ),
)
"""Each on arbitrary resources: who can do one of these to all of the account is close to an administrator."""


class Power(msgspec.Struct, frozen=True):
    """Whether a principal can do everything, with the requests that show it, or why that cannot be told."""

    answer: Ternary
    proof: tuple[Possible, ...] = ()
    why: str = ""


class Held(msgspec.Struct, frozen=True):
    """A capability that a principal has (or, where the answer is None, may have)."""

    name: str
    words: str
    answer: Ternary
    proof: Possible


class Powers:
    """Answers about everything, for the principals of one account."""

    def __init__(self, spreads: Spreads, account: str, partition: str) -> None:
        self._spreads = spreads
        self._account = account
        self._partition = partition
        self._ceiling = Principal(f"arn:{partition}:iam::{account}:user/administrator", "user", (ANYTHING,))

    def power(self, principal: Principal) -> Power:
        """Whether the principal can do all that anybody of the account could be allowed to do."""
        proof: list[Possible] = []
        for ask in EVERYTHING:
            most = self._once(self._ceiling, ask)
            if most.answer is False:
                continue
            answer = self._once(principal, ask)
            if answer.answer is False:
                return Power(False)
            # What is open for an administrator too is open because of the guardrails, not of this principal.
            if answer.answer or most.answer:
                proof.append(answer)
        verdict = all_of(answer.answer for answer in proof) if proof else None
        why = next(
            (answer.why for answer in proof if answer.answer is None), "" if proof else "guardrails decide it all"
        )
        return Power(verdict, tuple(proof), why)

    def capabilities(self, principal: Principal) -> tuple[Held, ...]:
        """Which dangerous things the principal can do on arbitrary resources, surely or perhaps."""
        held: list[Held] = []
        for capability in CAPABILITIES:
            answers = [self._once(principal, ask) for ask in capability.asks]
            answer = any_of(each.answer for each in answers)
            if answer is not False:
                proof = next(each for each in answers if each.answer is answer)
                held.append(Held(capability.name, capability.words, answer, proof))
        return tuple(held)

    def _once(self, principal: Principal, ask: Ask) -> Possible:
        resource = ask.resource.format(account=self._account).replace("arn:aws:", f"arn:{self._partition}:", 1)
        return self._spreads.once(principal, ask.action, resource, Known(), form=False)


def asked_actions() -> frozenset[str]:
    """All actions that these questions ask about."""
    capabilities = (ask.action for capability in CAPABILITIES for ask in capability.asks)
    return frozenset((*capabilities, *(ask.action for ask in EVERYTHING)))
