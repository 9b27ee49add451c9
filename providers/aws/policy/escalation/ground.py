"""The account laid out for questions over many targets at once: users, roles, policies, providers, workloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from providers.aws.policy.escalation.catalogue import Catalogue
from providers.aws.policy.escalation.oracle import Known
from providers.aws.policy.escalation.principals import Document, Principal, Principals, Workload, is_limited
from providers.aws.policy.escalation.spread import About, Targets
from providers.aws.policy.language.tree import Malformed
from scanner.access.graph import bits

_BOUNDARY = "iam:permissionsboundary"
_OF_IAM = (_BOUNDARY, "iam:policyarn", "iam:passedtoservice")
_NOT_OURS = (":role/aws-service-role/", ":role/aws-reserved/")


class Nodes(msgspec.Struct, frozen=True):
    """Nodes that targets stand for, each with the first target's place."""

    names: tuple[str, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, places: Mapping[str, int]) -> Nodes:
        """The nodes of these places."""
        return cls(tuple(places), places)


class Ground:
    """Everything that can be a target, and what is known of it."""

    def __init__(self, principals: Principals, catalogue: Catalogue, workloads: Sequence[Workload]) -> None:
        self.account = principals.account
        self.partition = principals.partition
        self.actions = catalogue.actions
        everybody = sorted(principals.principals, key=lambda each: each.arn)
        self.users = tuple(each for each in everybody if each.kind == "user")
        self.roles = tuple(each for each in everybody if each.kind == "role")
        self.groups = tuple(sorted(principals.groups, key=lambda each: each.arn))
        self.user_targets = Targets([each.arn for each in self.users])
        self.role_targets = Targets([each.arn for each in self.roles])
        self.own_roles = self.role_targets.mask(r.arn for r in self.roles if not any(n in r.arn for n in _NOT_OURS))
        self._nodes: dict[tuple[str, int], Nodes] = {}
        self.unlimited = {
            kind: sum(1 << index for index, each in enumerate(people) if not is_limited(each))
            for kind, people in (("user", self.users), ("role", self.roles))
        }
        """Those that nothing holds back once they have given themselves a policy."""
        self._about = {
            (kind, bounded): About(targets, [_known(each, bounded=bounded) for each in people])
            for kind, targets, people in (
                ("user", self.user_targets, self.users),
                ("role", self.role_targets, self.roles),
            )
            for bounded in (False, True)
        }
        self.policies = About(Targets(sorted({d.arn for each in everybody for d in own_managed(each)})))
        self.users_of_policy = _holders(self.policies.targets, self.users)
        self.roles_of_policy = _holders(self.policies.targets, self.roles)
        self.saml, self.roles_of_saml = _saml_providers(self.roles)
        self.workloads: Mapping[str, tuple[Workload, ...]] = {
            service: tuple(sorted((w for w in workloads if w.service == service), key=lambda w: (w.arn, w.role)))
            for service in sorted({workload.service for workload in workloads})
        }
        self.workload_targets = {
            service: About(Targets([workload.arn for workload in found])) for service, found in self.workloads.items()
        }
        administrator = f"arn:{self.partition}:iam::aws:policy/AdministratorAccess"
        own = (document.arn for document in principals.managed if document.arn and _allows_all(document))
        self.administrator_policies = tuple(dict.fromkeys((administrator, *own)))

    def people(self, kind: str) -> tuple[Principal, ...]:
        """Users or roles, by their places."""
        return self.users if kind == "user" else self.roles

    def role(self, arn: str) -> Principal | None:
        """The role of that ARN."""
        place = self.role_targets.place.get(arn)
        return None if place is None else self.roles[place]

    def nodes(self, kind: str, mask: int) -> Nodes:
        """The users or roles of a mask by node, with their places. The same object for the same mask."""
        if (kind, mask) not in self._nodes:
            people = self.people(kind)
            self._nodes[kind, mask] = Nodes.of({people[index].node: index for index in bits(mask)})
        return self._nodes[kind, mask]

    def about(self, kind: str, action: str) -> About:
        """Users or roles, with what a question about this action may take as known of each."""
        return self._about[kind, self._takes_boundary(action)]

    def known(self, principal: Principal, action: str) -> Known:
        """What a question about this action on one user or role may take as known."""
        return _known(principal, bounded=self._takes_boundary(action))

    def filled(self, text: str, region: str = "*") -> str:
        """A form or a value of the catalogue, for this account."""
        return text.format(partition=self.partition, account=self.account, region=region)

    def _takes_boundary(self, action: str) -> bool:
        keys = self.actions[action].keys if action in self.actions else ()
        return _BOUNDARY in (key.lower() for key in keys)


def own_managed(principal: Principal) -> tuple[Document, ...]:
    """Customer managed policies that the principal holds, by its groups too."""
    return tuple(d for d in principal.all_documents() if d.arn and ":iam::aws:" not in d.arn)


def _known(principal: Principal, *, bounded: bool) -> Known:
    """Tags and boundary of a user or role as a target. Keys of single actions are absent unless a step carries them."""
    present: dict[str, str] = {}
    absent = list(_OF_IAM)
    if bounded and principal.boundary is not None:
        present[_BOUNDARY] = principal.boundary.arn
        absent.remove(_BOUNDARY)
    if principal.tags is not None:
        for prefix in ("aws:resourcetag/", "iam:resourcetag/"):
            present.update((prefix + key.lower(), value) for key, value in principal.tags)
            absent.append(prefix)
    return Known(tuple(sorted(present.items())), tuple(absent))


def _holders(policies: Targets, people: Sequence[Principal]) -> list[int]:
    """For each policy, who holds it, as bits."""
    holders = [0] * len(policies.arns)
    for index, principal in enumerate(people):
        for document in own_managed(principal):
            holders[policies.place[document.arn]] |= 1 << index
    return holders


def _saml_providers(roles: Iterable[Principal]) -> tuple[About, list[int]]:
    """SAML providers that roles trust, and the roles of each as bits."""
    trusting: dict[str, int] = {}
    for index, role in enumerate(roles):
        if role.trust is None or isinstance(role.trust, Malformed):
            continue
        for statement in role.trust.statements:
            if statement.effect == "Allow" and statement.principals is not None:
                for name in statement.principals.names:
                    if name.kind == "Federated" and ":saml-provider/" in name.text:
                        trusting[name.text] = trusting.get(name.text, 0) | 1 << index
    arns = sorted(trusting)
    return About(Targets(arns)), [trusting[arn] for arn in arns]


def _allows_all(document: Document) -> bool:
    """Whether the document plainly allows everything; one that does so in a roundabout way is not looked for."""
    policy = document.policy
    if isinstance(policy, Malformed) or any(s.effect == "Deny" for s in policy.statements):
        return False
    return any(
        not s.conditions
        and "*" in s.actions.values
        and not s.actions.negated
        and s.resources is not None
        and "*" in s.resources.values
        and not s.resources.negated
        for s in policy.statements
    )
