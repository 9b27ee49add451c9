"""Actions on resources that are not there yet, or of which any will do: whether one name suits all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from providers.aws.policy.concrete.evaluate import matches_resource
from providers.aws.policy.concrete.glob import wildcard
from providers.aws.policy.escalation.ground import Ground
from providers.aws.policy.escalation.oracle import Known, Possible
from providers.aws.policy.escalation.principals import Principal
from providers.aws.policy.escalation.spread import Spreads

Asked: TypeAlias = "tuple[str, Sequence[Known]]"
"""An action, and the alternatives of what its request carries."""

_PLAIN = (Known(),)


class Resources:
    """Questions about some resource of a form."""

    def __init__(self, ground: Ground, spreads: Spreads) -> None:
        self._ground = ground
        self._spreads = spreads

    def together(self, principal: Principal, actions: Sequence[str]) -> tuple[Possible, ...]:
        """The answers for all resources that each action is checked against; the same resource where forms agree."""
        by_form: dict[str, list[str]] = {}
        answers: list[Possible] = []
        for action in actions:
            resources = self._ground.actions[action]
            for form in resources.every:
                by_form.setdefault(form, []).append(action)
            if resources.one_of:
                answers.append(self._one_of(principal, action, resources.one_of))
                if answers[-1].answer is False:
                    return tuple(answers)
        for form, asked in by_form.items():
            answers += self.on_one(principal, self._ground.filled(form), [(action, _PLAIN) for action in asked])
            if answers[-1].answer is False:
                break
        return tuple(answers)

    def beside(self, principal: Principal, action: str, arns: Sequence[str]) -> tuple[Possible, ...]:
        """The answers for what the action is checked against beside the resource itself."""
        resources = self._ground.actions[action]
        others = [form for form in resources.every if not self._is_form_of(form, arns)]
        answers = [self._some(principal, action, self._ground.filled(form), _PLAIN) for form in others]
        if resources.one_of and not any(self._is_form_of(form, arns) for form in resources.one_of):
            answers.append(self._one_of(principal, action, resources.one_of))
        return tuple(answers)

    def on_one(self, principal: Principal, form: str, asked: Sequence[Asked]) -> tuple[Possible, ...]:
        """The answers for several actions on one and the same resource of a form."""
        answers: list[Possible] = []
        for action, alternatives in asked:
            answers.append(self._some(principal, action, form, alternatives))
            if answers[-1].answer is False:
                return tuple(answers)
        found = list(dict.fromkeys(answer.witness.resource for answer in answers if answer.witness is not None))
        if len(found) <= 1 or not all(answer.answer for answer in answers):
            return tuple(answers)
        for resource in found:
            same = [self._on(principal, action, resource, alternatives) for action, alternatives in asked]
            if all(answer.answer for answer in same):
                return tuple(same)
        actions = " and ".join(action for action, _ in asked)
        return (Possible(None, why=f"no one resource was found for {actions}"),)

    def _one_of(self, principal: Principal, action: str, forms: Sequence[str]) -> Possible:
        return _best([self._some(principal, action, self._ground.filled(form), _PLAIN) for form in forms])

    def _some(self, principal: Principal, action: str, form: str, alternatives: Sequence[Known]) -> Possible:
        return _best([self._spreads.once(principal, action, form, known, form=True) for known in alternatives])

    def _on(self, principal: Principal, action: str, resource: str, alternatives: Sequence[Known]) -> Possible:
        return _best([self._spreads.once(principal, action, resource, known, form=False) for known in alternatives])

    def _is_form_of(self, form: str, arns: Sequence[str]) -> bool:
        pattern = wildcard(self._ground.filled(form))
        return any(matches_resource(pattern, arn) for arn in arns)


def _best(answers: Sequence[Possible]) -> Possible:
    """The first that is surely open, else the first that may be, else a no."""
    sure = next((answer for answer in answers if answer.answer), None)
    return sure or next((answer for answer in answers if answer.answer is None), Possible(False))
