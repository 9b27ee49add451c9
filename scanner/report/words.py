"""What is unknown, in words."""

from __future__ import annotations

from scanner.facts import Unread


def unread_words(gap: Unread) -> str:
    """One missing answer: what it needs, or which call failed, and why."""
    detail = f": {gap.detail}" if gap.detail else ""
    return f"needs {missing(gap.needs, gap.call, gap.fact)} ({gap.why}){detail}"


def missing(needs: tuple[str, ...], call: str, fact: str) -> str:
    """What an answer lacks: the permissions, else the call, else the fact."""
    if needs:
        return " and ".join(needs)
    if call:
        return f"an answer to {call}"
    return fact or "more information"
