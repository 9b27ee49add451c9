"""What the escalation engine asks of whoever evaluates policies: the symbolic engine, or the concrete one."""

from __future__ import annotations

from typing import Protocol

import msgspec

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.escalation.principals import Principal
from scanner.access import Witness
from scanner.ternary import Ternary


class Known(msgspec.Struct, frozen=True):
    """Condition keys, in lower case, whose values a question fixes. All other keys are the evaluator's business."""

    present: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()
    """Keys that the request lacks. One that ends in `/` stands for all that begin so and are not present."""

    def plus(self, present: dict[str, str], absent: tuple[str, ...] = ()) -> Known:
        """With further keys, which win."""
        return Known(tuple(sorted({**dict(self.present), **present}.items())), self.absent + absent)


class Possible(msgspec.Struct, frozen=True):
    """Whether some request of the asked form is allowed. None: that cannot be told, for the reason in `why`."""

    answer: Ternary
    witness: Witness | None = None
    """Such a request; always there where the answer is True. Its context holds only keys that a statement names."""
    conditions: tuple[str, ...] = ()
    """What had to be taken for granted, in plain words."""
    why: str = ""
    named: bool = False
    """Of trust: the statement names the caller itself or everyone, so that the caller needs no policy of its own."""


class Can(Protocol):
    """Answers over all the policies that bear on a principal: its own, its groups', its boundary, guardrails."""

    def can(self, principal: Principal, action: str, resource: str, known: Known) -> Possible:
        """Whether the principal can do `action` on this very resource."""
        ...

    def somewhere(self, principal: Principal, action: str, form: str, known: Known) -> Possible:
        """Whether it can do so on some resource of a form, such as `arn:aws:lambda:us-east-1:1:function:*`.

        `*` in the form stands for names that the principal chooses; its witness says which resource.
        """
        ...

    def trusts(self, role: Principal, caller: Caller, action: str, known: Known) -> Possible:
        """Whether the role's trust policy alone lets the caller do `action`, such as sts:AssumeRole."""
        ...
