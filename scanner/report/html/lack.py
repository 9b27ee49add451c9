"""What an unknown result lacks, by a name that an address can hold: the page's script makes the same of its gaps."""

from __future__ import annotations

from scanner.facts import Why


def lack_of(why: Why, needs: tuple[str, ...], call: str, fact: str) -> str:
    """The name: why, and the permissions, else the call, else the fact."""
    return f"{why}:{'+'.join(needs) or call or fact}"
