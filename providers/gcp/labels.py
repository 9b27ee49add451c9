"""Labels of resources, which are what others call tags; Google's own tags are conditions of policies.

https://cloud.google.com/resource-manager/docs/labels-overview
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.facts import Answer, Fact

DOC = "Its labels, by name."


def labels_of(item: Answer, member: str = "labels") -> dict[str, str]:
    """Labels by name; without any the member is left out."""
    return dict(item.get(member) or {})


def labelled(member: str = "labels") -> Fact[Mapping[str, str]]:
    """The fact, of a class whose resources are listed with their labels in this member."""
    return Fact[Mapping[str, str]](DOC).listed(lambda item: labels_of(item, member))
