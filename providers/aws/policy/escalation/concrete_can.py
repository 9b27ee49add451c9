"""`Can` by the concrete evaluator: one request at a time, and None wherever a condition asks for what is not known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, applies, covers_action, resource_pattern
from providers.aws.policy.concrete.glob import covers, wildcard
from providers.aws.policy.concrete.variables import has_variables
from providers.aws.policy.escalation.circumstances import Setting, TooManyError, choices, setting_of, words
from providers.aws.policy.escalation.names import Names, region_of
from providers.aws.policy.escalation.oracle import Known, Possible
from providers.aws.policy.escalation.principals import Document, Principal, Principals
from providers.aws.policy.language.tree import Malformed, Policy, Statement, Version
from scanner.access import Witness
from scanner.ternary import Ternary, all_of, any_of, invert


class _Layer(msgspec.Struct, frozen=True):
    """Documents of which one must allow."""

    documents: tuple[Document, ...]


class _Relevant(msgspec.Struct, frozen=True):
    """A statement that speaks of the action."""

    layer: int
    document: Document
    version: Version
    statement: Statement


class ConcreteCan:
    """Decides single requests in a benign setting: over TLS, with a second factor, at a given time."""

    def __init__(self, principals: Principals, at: str | None = None) -> None:
        self._principals = principals
        self._at = at
        self._names = Names()
        self._said: dict[tuple[int, str], tuple[Policy, tuple[Statement, ...]]] = {}

    def can(self, principal: Principal, action: str, resource: str, known: Known) -> Possible:
        """Whether the principal can do `action` on this very resource."""
        layers = self._layers(principal)
        unread = _unread(layers)
        found = list(self._speaking(layers, action))
        if not unread and not any(each.statement.effect == "Allow" and each.layer == 0 for each in found):
            return Possible(False)
        region = region_of(resource)
        known = known.plus({"aws:requestedregion": region}) if region else known
        setting = setting_of(principal, self._principals.account, action, known, self._at)
        return _each(
            found, setting, lambda each: self._decided(layers, found, principal.arn, action, resource, each, unread)
        )

    def somewhere(self, principal: Principal, action: str, form: str, known: Known) -> Possible:
        """Whether it can do so on some resource of the form: tries a name of its own, and all that policies name."""
        layers = self._layers(principal)
        found = list(self._speaking(layers, action))
        answers: list[Possible] = []
        for resource in self._candidates(form, found):
            answer = self.can(principal, action, resource, known)
            if answer.answer:
                return answer
            answers.append(answer)
        best = _best(iter(answers))
        if best.answer is None or not self._allows(layers, found, answers, principal, action, known, form):
            return best
        return Possible(None, why=f"a Deny takes back {action} wherever it was tried, but perhaps not everywhere")

    def trusts(self, role: Principal, caller: Caller, action: str, known: Known) -> Possible:
        """Whether the role's trust policy alone lets the caller do `action`."""
        policy = role.trust
        if policy is None:
            return Possible(False)
        if isinstance(policy, Malformed):
            return Possible(None, why=f"the trust policy of {role.arn} cannot be read: {policy.why}")
        document = Document(f"trust policy of {role.arn.rpartition('/')[2]}", policy)
        found = list(self._speaking((_Layer((document,)),), action))
        account = self._principals.account
        if caller.kind == "aws":
            kind = "user" if ":user/" in caller.text else "role"
            setting = setting_of(Principal(caller.text, kind), account, action, known, self._at)  # type: ignore[arg-type]  # one of the two
        else:
            served = known.plus({"aws:sourceaccount": account, "aws:securetransport": "true"})
            setting = Setting(dict(served.present), served.absent)
        return _each(found, setting, lambda each: self._trusted(found, caller, action, role.arn, each))

    def _candidates(self, form: str, found: Sequence[_Relevant]) -> Iterator[str]:
        texts = (
            (text, each.version)
            for each in found
            for text in (each.statement.resources.values if each.statement.resources else ())
        )
        return self._names.candidates(form, texts)

    def _speaking(self, layers: Iterable[_Layer], action: str) -> Iterator[_Relevant]:
        for index, layer in enumerate(layers):
            for document in layer.documents:
                policy = document.policy
                if isinstance(policy, Malformed):
                    continue
                key = (id(policy), action)
                if key not in self._said:  # keeps the policy too, so that its identity stays its own
                    covering = (s for s in policy.statements if covers_action(s.actions, action) is not False)
                    self._said[key] = policy, tuple(covering)
                for statement in self._said[key][1]:
                    yield _Relevant(index, document, policy.version, statement)

    def _layers(self, principal: Principal) -> tuple[_Layer, ...]:
        """What must allow, one after the other; the principal's own grants first."""
        boundary = (_Layer((principal.boundary,)),) if principal.boundary else ()
        levels = tuple(_Layer(level) for level in self._principals.guardrails)
        return (_Layer(principal.all_documents()), *boundary, *levels)

    def _decided(
        self,
        layers: Sequence[_Layer],
        found: Sequence[_Relevant],
        caller: str,
        action: str,
        resource: str,
        setting: Setting,
        unread: str,
    ) -> Possible:
        request = Request(Caller.arn(caller), action, resource, setting.context)
        verdicts = [(each, _verdict(each, request, setting)) for each in found]
        denied = any_of(verdict for each, verdict in verdicts if each.statement.effect == "Deny")
        grants: list[Ternary] = []
        for index, layer in enumerate(layers):
            lost = any(isinstance(document.policy, Malformed) for document in layer.documents)
            allowed = any_of(v for each, v in verdicts if each.statement.effect == "Allow" and each.layer == index)
            grants.append(any_of((allowed, None if lost else False)))
        answer = all_of((invert(any_of((denied, None if unread else False))), *grants))
        if answer is False:
            return Possible(False)
        return _possible(answer, verdicts, request, unread)

    def _trusted(
        self, found: Sequence[_Relevant], caller: Caller, action: str, role: str, setting: Setting
    ) -> Possible:
        request = Request(caller, action, role, setting.context)
        verdicts = [(each, _verdict(each, request, setting)) for each in found]
        denied = any_of(verdict for each, verdict in verdicts if each.statement.effect == "Deny")
        allowed = any_of(verdict for each, verdict in verdicts if each.statement.effect == "Allow")
        answer = all_of((invert(denied), allowed))
        if answer is False:
            return Possible(False)
        named = any(verdict and _names(each.statement, caller) for each, verdict in verdicts)
        return msgspec.structs.replace(_possible(answer, verdicts, request, ""), named=named)

    def _allows(
        self,
        layers: Sequence[_Layer],
        found: Sequence[_Relevant],
        answers: Sequence[Possible],
        principal: Principal,
        action: str,
        known: Known,
        form: str,
    ) -> bool:
        """Whether, but for a Deny that does not cover the whole form, something would be allowed."""
        if any(each.statement.effect == "Deny" and _covers_form(each, form) for each in found):
            return False
        bare = [each for each in found if each.statement.effect == "Allow"]
        setting = setting_of(principal, self._principals.account, action, known, self._at)
        return any(
            _each(
                bare,
                setting,
                lambda each, resource=resource: self._decided(  # type: ignore[misc]  # bound at once
                    layers, bare, principal.arn, action, resource, each, ""
                ),
            ).answer
            is not False
            for resource in self._candidates(form, bare)
        )


def _possible(
    answer: Ternary, verdicts: Sequence[tuple[_Relevant, Ternary]], request: Request, unread: str
) -> Possible:
    """The answer with the request and the statement that makes it so, or why it cannot be told."""
    open_keys = [
        words(condition) for each, verdict in verdicts if verdict is None for condition in each.statement.conditions
    ]
    if answer is None:
        why = unread or (
            f"depends on {'; '.join(dict.fromkeys(open_keys))}" if open_keys else "AWS leaves it undefined"
        )
        return Possible(None, why=why)
    granting = next(each for each, verdict in verdicts if verdict and each.statement.effect == "Allow")
    mentioned = {condition.key for each, _ in verdicts for condition in each.statement.conditions}
    mentioned |= {name for each, _ in verdicts for name in _variables(each)}
    context = {key: str(value) for key, value in request.context.items() if key in mentioned}
    pointer = f"{granting.document.name}#{granting.statement.pointer}"
    witness = Witness(request.principal.text, request.action, request.resource, context, pointer)
    taken = tuple(
        words(condition)
        for each, verdict in verdicts
        if verdict and each.statement.effect == "Allow"
        for condition in each.statement.conditions
    )
    return Possible(True, witness, tuple(dict.fromkeys(taken)))


def _verdict(each: _Relevant, request: Request, setting: Setting) -> Ternary:
    """Whether the statement matches; None where it would, but for keys that are not known."""
    statement = each.statement
    known = tuple(
        condition
        for condition in statement.conditions
        if setting.knows(condition.key) and all(_resolved(value, each.version, setting) for value in condition.values)
    )
    resources = statement.resources
    clear = resources is None or all(_resolved(text, each.version, setting) for text in resources.values)
    if len(known) == len(statement.conditions) and clear:
        return applies(statement, request, each.version)
    rest = msgspec.structs.replace(statement, conditions=known, resources=resources if clear else None)
    return None if applies(rest, request, each.version) is not False else False


def _resolved(text: str, version: Version, setting: Setting) -> bool:
    """Whether all variables of the text are known."""
    return "${" not in text or not has_variables(text, version) or all(map(setting.knows, _names_in(text)))


def _names_in(text: str) -> Iterator[str]:
    for part in text.split("${")[1:]:
        name = part.partition("}")[0].partition(",")[0].strip().lower()
        if name not in ("*", "?", "$"):
            yield name


def _variables(each: _Relevant) -> Iterator[str]:
    statement = each.statement
    texts = [*(statement.resources.values if statement.resources else ())]
    texts += [value for condition in statement.conditions for value in condition.values]
    for text in texts:
        yield from _names_in(text)


def _names(statement: Statement, caller: Caller) -> bool:
    """Whether the element names the caller itself or everyone, rather than its account."""
    principals = statement.principals
    if statement.effect != "Allow" or principals is None:
        return False
    return principals.negated or any(
        name.kind == "everyone" or (name.kind == "AWS" and name.text == caller.text) for name in principals.names
    )


def _unread(layers: Iterable[_Layer]) -> str:
    for layer in layers:
        for document in layer.documents:
            if isinstance(document.policy, Malformed):
                return f"{document.name} cannot be read: {document.policy.why}"
    return ""


def _each(found: Sequence[_Relevant], setting: Setting, decide: Callable[[Setting], Possible]) -> Possible:
    """The best answer over all that the caller may choose."""
    try:
        return _best(map(decide, choices((item.statement for item in found), setting)))
    except TooManyError:
        return Possible(None, why="conditions leave the caller too many choices")


def _best(answers: Iterator[Possible]) -> Possible:
    """The first True, else the first None, else False."""
    best = Possible(False)
    for answer in answers:
        if answer.answer:
            return answer
        if answer.answer is None and best.answer is False:
            best = answer
    return best


def _covers_form(each: _Relevant, form: str) -> bool:
    """Whether a Deny under no condition takes back the whole form."""
    resources = each.statement.resources
    if each.statement.conditions or resources is None or resources.negated:
        return not each.statement.conditions and resources is None
    patterns = [resource_pattern(text, each.version) for text in resources.values]
    return any(pattern is not None and covers(pattern, wildcard(form)) for pattern in patterns)
