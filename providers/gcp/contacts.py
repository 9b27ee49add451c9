"""Whom Google tells about security events.

https://cloud.google.com/resource-manager/docs/managing-notification-contacts
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from scanner.facts import Answer, Unread, UnreadFact

_ABOUT_SECURITY: Final = frozenset({"ALL", "SECURITY"})


def security_contacts(answer: Answer) -> tuple[str, ...]:
    """Addresses that are told about security events. One that was found not to work is none.

    https://cloud.google.com/resource-manager/docs/reference/essentialcontacts/rest/v1/projects.contacts
    """
    return tuple(
        contact["email"]
        for contact in answer["contacts"]
        if _ABOUT_SECURITY.intersection(contact.get("notificationCategorySubscriptions", ()))
        and contact.get("validationState") != "INVALID"
    )


def first_of(levels: Iterable[Callable[[], tuple[str, ...]]]) -> str | None:
    """The first address, nearest height first; raises UnreadFact where none is known and a height was not read."""
    gaps: list[Unread] = []
    for read in levels:
        try:
            found = read()
        except UnreadFact as gap:
            gaps += gap.unread
            continue
        if found:
            return found[0]
    if gaps:
        raise UnreadFact(*dict.fromkeys(gaps))
    return None
