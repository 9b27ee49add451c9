"""What a principal can make of itself: more grants, an earlier version of a policy, another group, no boundary.

A boundary bounds whatever a principal gives itself, so each result is a principal again, to be weighed anew.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from providers.aws.policy.escalation.catalogue import Step, Way
from providers.aws.policy.escalation.ground import Ground, own_managed
from providers.aws.policy.escalation.oracle import Known, Possible
from providers.aws.policy.escalation.principals import (
    ANYTHING,
    Document,
    Group,
    Principal,
    denies,
    empowered,
    is_empowered,
    joined,
    overwritten,
    unbounded,
    with_version,
    without,
)
from providers.aws.policy.escalation.takes import Takes


class Self(msgspec.Struct, frozen=True):
    """What the principal becomes, surely or perhaps."""

    becomes: Principal
    answer: bool
    proof: tuple[Possible, ...]


class Open(msgspec.Struct, frozen=True):
    """What cannot be followed up, because something was not read."""

    why: str
    proof: tuple[Possible, ...]


class Selves:
    """The ways of the kind `self`."""

    def __init__(self, ground: Ground, takes: Takes) -> None:
        self._ground = ground
        self._takes = takes

    def of(self, principal: Principal, way: Way, alternatives: Sequence[tuple[Step, ...]]) -> Iterator[Self | Open]:
        """Everything that the way makes of the principal."""
        if way.id not in principal.done:
            for found in self._of(principal, way, alternatives):
                if isinstance(found, Self):
                    becomes = msgspec.structs.replace(found.becomes, done=(*principal.done, way.id))
                    yield msgspec.structs.replace(found, becomes=becomes)
                else:
                    yield found

    def _of(self, principal: Principal, way: Way, alternatives: Sequence[tuple[Step, ...]]) -> Iterator[Self | Open]:
        step = alternatives[0][0]
        match way.gives:
            case "self-with-anything" if step.on in ("group-to-join", "new-group"):
                yield from self._in_own_group(principal, alternatives)
            case "self-with-anything":
                yield from self._with_anything(principal, step)
            case "self-without-a-denial":
                yield from self._without_denial(principal, step)
            case "self-unbounded":
                if principal.boundary is not None:
                    yield from self._result(unbounded(principal), self._on(principal, step))
            case "self-in-group" if not is_empowered(principal):
                yield from self._in_group(principal, step)
            case "self-with-earlier-version" if not is_empowered(principal):
                for document in own_managed(principal):
                    yield from self._earlier(principal, document, self._ask(principal, step, document.arn, Known()))

    def _with_anything(self, principal: Principal, step: Step) -> Iterator[Self | Open]:
        if step.on == "self-policy":
            for document in own_managed(principal):
                answer = self._ask(principal, step, document.arn, Known())
                able = empowered(principal)
                becomes = with_version(able, document, ANYTHING.policy, 0) if denies(document) else able
                yield from self._result(becomes, [answer])
            return
        answers = self._on(principal, step)
        puts = step.action in ("iam:PutUserPolicy", "iam:PutRolePolicy")
        yield from self._result(overwritten(principal) if puts else empowered(principal), answers)
        if any(answer.answer for answer in answers):
            return
        for arn, known in self._places(principal, step):
            other = self._takes.some_policy(principal, step, arn, known)
            if other is not None:
                yield Open("it is not known what the policies allow that it may attach", (other,))
                return

    def _in_own_group(self, principal: Principal, alternatives: Sequence[tuple[Step, ...]]) -> Iterator[Self]:
        """Joining a group that is first allowed everything."""
        if principal.kind != "user":
            return
        found: list[tuple[Possible, ...]] = []
        for steps in alternatives:
            if steps[0].on == "new-group":
                found.append(self._takes.on_new_group(principal, steps))
            else:
                own = {group.arn for group in principal.groups}
                others = (group.arn for group in self._ground.groups if group.arn not in own)
                found += [tuple(self._ask(principal, step, arn, Known()) for step in steps) for arn in others]
        found = [answers for answers in found if all(answer.answer is not False for answer in answers)]
        sure = next((answers for answers in found if all(answer.answer for answer in answers)), None)
        if sure is not None or found:
            yield Self(empowered(principal), sure is not None, sure or found[0])

    def _without_denial(self, principal: Principal, step: Step) -> Iterator[Self]:
        """All policies that deny something, and that the principal can take off, taken off at once."""
        places = list(self._places(principal, step))
        if step.on == "self-group":
            groups = [group for group in principal.groups if any(map(denies, group.documents))]
            asked = [(group, self._ask(principal, step, group.arn, Known())) for group in groups]
            for sure in (True, None):
                gone = [(group, answer) for group, answer in asked if answer.answer is sure]
                if gone:
                    becomes = without(principal, groups=[group for group, _ in gone])
                    yield Self(becomes, bool(sure), tuple(answer for _, answer in gone))
            return
        detaches = step.action.startswith("iam:Detach")
        own = [each for each in principal.documents if denies(each) and bool(each.arn) is detaches]
        for arn, known in places if own else ():
            fixed = [known.plus({"iam:policyarn": each.arn}) if detaches else known for each in own]
            answers = [(each, self._ask(principal, step, arn, one)) for each, one in zip(own, fixed, strict=True)]
            for sure in (True, None):
                dropped = [(each, answer) for each, answer in answers if answer.answer is sure]
                if dropped:
                    becomes = without(principal, [each for each, _ in dropped])
                    yield Self(becomes, bool(sure), tuple(answer for _, answer in dropped))

    def _in_group(self, principal: Principal, step: Step) -> Iterator[Self]:
        if principal.kind != "user":
            return
        own = {group.arn for group in principal.groups}
        for sure in (True, None):
            open_to: list[tuple[Group, Possible]] = []
            for group in self._ground.groups:
                if group.arn not in own:
                    answer = self._ask(principal, step, group.arn, Known())
                    if answer.answer is sure:
                        open_to.append((group, answer))
            sets = [open_to] if open_to else []
            # A Deny of one group spoils what another allows, so each is joined alone as well.
            if len(open_to) > 1 and any(any(map(denies, group.documents)) for group, _ in open_to):
                sets += [[each] for each in open_to]
            for some in sets:
                groups, proof = tuple(group for group, _ in some), tuple(answer for _, answer in some)
                yield Self(joined(principal, groups), bool(sure), proof)

    def _earlier(self, principal: Principal, document: Document, answer: Possible) -> Iterator[Self | Open]:
        if answer.answer is False:
            return
        if document.earlier is None:
            yield Open(f"earlier versions of {document.name} were not read", (answer,))
            return
        for number, policy in enumerate(document.earlier, start=1):
            yield from self._result(with_version(principal, document, policy, number), [answer])

    def _result(self, becomes: Principal, answers: Sequence[Possible]) -> Iterator[Self]:
        """One result by the first answer that is sure, else by the first that may be."""
        for sure in (True, None):
            found = next((answer for answer in answers if answer.answer is sure), None)
            if found is not None:
                yield Self(becomes, bool(sure), (found,))
                return

    def _on(self, principal: Principal, step: Step) -> list[Possible]:
        return [self._ask(principal, step, arn, known) for arn, known in self._places(principal, step)]

    def _ask(self, principal: Principal, step: Step, arn: str, known: Known) -> Possible:
        return self._takes.one(principal, step, arn, known)

    def _places(self, principal: Principal, step: Step) -> Iterator[tuple[str, Known]]:
        """The resources that the step may be done on."""
        match step.on:
            case "self-user" | "self-role":
                ours = principal.kind == "user" or self._ground.own_roles & self._ground.role_targets.mask(
                    [principal.arn]
                )
                if step.on == f"self-{principal.kind}" and ours:
                    yield principal.arn, self._ground.known(principal, step.action)
            case "self-group":
                yield from ((group.arn, Known(absent=("iam:permissionsboundary",))) for group in principal.groups)
            case "self-policy":
                yield from ((document.arn, Known()) for document in own_managed(principal))
