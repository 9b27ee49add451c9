"""What the steps of a way take of a principal, over all users, roles or workloads at once."""

from __future__ import annotations

from collections.abc import Sequence

from providers.aws.policy.escalation.catalogue import Step, Way
from providers.aws.policy.escalation.ground import Ground
from providers.aws.policy.escalation.oracle import Known, Possible
from providers.aws.policy.escalation.parts import Part, both, either, everywhere, masked, moved
from providers.aws.policy.escalation.principals import Principal, empowered
from providers.aws.policy.escalation.resources import Resources
from providers.aws.policy.escalation.spread import About, Spreads, relabelled
from providers.aws.policy.escalation.trusting import ASSUME, Trusting

_TRUST = "iam:UpdateAssumeRolePolicy"
_POLICY = "iam:PolicyARN"


class Takes:
    """Parts for the steps of ways."""

    def __init__(self, ground: Ground, spreads: Spreads, trusting: Trusting) -> None:
        self._ground = ground
        self._spreads = spreads
        self._trusting = trusting
        self._resources = Resources(ground, spreads)

    def all_of_way(self, principal: Principal, way: Way, alternatives: Sequence[tuple[Step, ...]]) -> tuple[str, Part]:
        """Whether the way is about users or roles, and where among them one of the alternatives is open."""
        ons = {step.on for steps in way.requires for step in steps}
        kind = "user" if "target-user" in ons else "role"
        if ons & {"new-user", "new-role"}:
            return kind, either([self._new(principal, steps) for steps in alternatives])
        services = way.services or ("",)
        parts = [self._targets(principal, steps, kind, host) for steps in alternatives for host in services]
        return kind, either(parts)

    def on_workloads(self, principal: Principal, service: str, alternatives: Sequence[tuple[Step, ...]]) -> Part:
        """Which of the known workloads of a service one of the alternatives is open on."""
        about = self._ground.workload_targets[service]
        return either([self._workloads(principal, about, steps) for steps in alternatives])

    def on_any_workload(
        self, principal: Principal, alternatives: Sequence[tuple[Step, ...]]
    ) -> tuple[Possible, ...] | None:
        """The answers of the first alternative that is open, or may be, on some resource; nothing where none is."""
        open_ones = [self._resources.together(principal, [step.action for step in steps]) for steps in alternatives]
        possible = [answers for answers in open_ones if all(answer.answer is not False for answer in answers)]
        sure = [answers for answers in possible if all(answer.answer for answer in answers)]
        return next(iter(sure or possible), None)

    def one(self, principal: Principal, step: Step, arn: str, known: Known) -> Possible:
        """The answer for a step on one resource; for a step that carries a policy, with any that allows all."""
        answers = [
            self._spreads.once(principal, step.action, arn, fixed, form=False) for fixed in self._fixed(step, known)
        ]
        return next((a for a in answers if a.answer), next((a for a in answers if a.answer is None), answers[0]))

    def on_new_group(self, principal: Principal, steps: Sequence[Step]) -> tuple[Possible, ...]:
        """The answers for all steps on a group that does not exist yet."""
        form = self._ground.filled("arn:{partition}:iam::{account}:group/*")
        return self._resources.on_one(principal, form, [(step.action, self._fixed(step, Known())) for step in steps])

    def some_policy(self, principal: Principal, step: Step, arn: str, known: Known) -> Possible | None:
        """For a step that carries a policy: whether it may be open with some other policy, whatever that allows."""
        if _POLICY not in step.carries:
            return None
        absent = tuple(name for name in known.absent if name != _POLICY.lower())
        answer = self._spreads.once(principal, step.action, arn, Known(known.present, absent), form=False)
        return None if answer.answer is False else answer

    def _fixed(self, step: Step, known: Known) -> list[Known]:
        """The question's keys with what the request carries."""
        if not step.carries and not step.lacks:
            return [known]
        carried = {key.lower(): self._ground.filled(value) for key, value in step.carries.items()}
        values = self._ground.administrator_policies if _POLICY in step.carries else ("",)
        choices = [{**carried, **({_POLICY.lower(): value} if value else {})} for value in values]
        return [known.plus(choice, tuple(name.lower() for name in step.lacks)) for choice in choices]

    def _targets(self, principal: Principal, steps: Sequence[Step], kind: str, service: str) -> Part:
        whole = self._ground.user_targets.all if kind == "user" else self._ground.role_targets.all
        parts: list[Part] = []
        resources = [step.action for step in steps if step.on == "resource"]
        if resources:
            # The cheap part first: nothing else is asked where it fails.
            parts.append(everywhere(self._resources.together(principal, resources), whole))
            if not parts[0].yes | parts[0].maybe:
                return parts[0]
        for step in steps:
            if step.on != "resource":
                parts += self._target(principal, step, kind, service)
        return both(parts)

    def _target(self, principal: Principal, step: Step, kind: str, service: str) -> list[Part]:
        match step.on:
            case "target-policy":
                spread = self._over(principal, step, self._ground.policies)
                holders = self._ground.users_of_policy if kind == "user" else self._ground.roles_of_policy
                return [moved(spread, holders)]
            case "trusted-saml-provider":
                return [moved(self._over(principal, step, self._ground.saml), self._ground.roles_of_saml)]
            case "passed-role":
                fixed = Known((("iam:passedtoservice", service),))
                about = self._ground.about("role", step.action)
                return [self._trusting.service(service), self._part(principal, step.action, about, fixed)]
        if step.action == ASSUME:
            return [self._assumed(principal)]
        part = self._over(principal, step, self._ground.about(kind, step.action))
        if kind == "role":
            part = masked(part, self._ground.own_roles)
        return [part, self._assumable(empowered(principal))] if step.action == _TRUST else [part]

    def _assumed(self, principal: Principal) -> Part:
        """Roles that the principal can take on: trusted by name, or trusted with its account and allowed to."""
        trusted = self._trusting.principal(principal)
        parts = [both([trusted.account, self._assumable(principal)])]
        if trusted.named.yes | trusted.named.maybe:
            parts.append(both([trusted.named, self._assumable(empowered(principal))]))
        return either(parts)

    def _assumable(self, principal: Principal) -> Part:
        """Roles that the policies of the principal let it take on."""
        return self._part(principal, ASSUME, self._ground.about("role", ASSUME), Known())

    def _over(self, principal: Principal, step: Step, about: About) -> Part:
        return either([self._part(principal, step.action, about, fixed) for fixed in self._fixed(step, Known())])

    def _part(self, principal: Principal, action: str, about: About, fixed: Known) -> Part:
        spread = self._spreads.over(principal, action, about, fixed)
        arns = about.targets.arns
        return Part(
            spread.yes,
            spread.maybe,
            lambda index: (relabelled(spread.at(index), spread.asked, principal, arns[index]),),
        )

    def _new(self, principal: Principal, steps: Sequence[Step]) -> Part:
        """Whether all can be done on a principal that does not exist yet."""
        kind = "user" if any(step.on == "new-user" for step in steps) else "role"
        form = self._ground.filled(f"arn:{{partition}}:iam::{{account}}:{kind}/*")
        fresh = Known(absent=("iam:permissionsboundary", "iam:policyarn", "iam:passedtoservice"))
        asked = [(step.action, self._fixed(step, fresh)) for step in steps]
        answers = self._resources.on_one(principal, form, asked)
        if kind == "role" and all(answer.answer is not False for answer in answers):
            arn = next((a.witness.resource for a in answers if a.witness is not None), form)
            answers = (*answers, self._spreads.once(empowered(principal), ASSUME, arn, Known(), form="*" in arn))
        return everywhere(answers, 1)

    def _workloads(self, principal: Principal, about: About, steps: Sequence[Step]) -> Part:
        others = [step.action for step in steps if step.on == "resource"]
        parts = [everywhere(self._resources.together(principal, others), about.targets.all)] if others else []
        for step in steps:
            if step.on == "workload":
                parts.append(self._part(principal, step.action, about, Known()))
                beside = self._resources.beside(principal, step.action, about.targets.arns)
                parts.append(everywhere(beside, about.targets.all))
        return both(parts)
