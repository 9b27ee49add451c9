"""Which answers are the same for every project: those about folders, organisations and Google's own roles."""

from __future__ import annotations


def is_about_ancestors(path: str) -> bool:
    """Whether a path leads to a folder, an organisation, or a role of Google's own."""
    if path.startswith("/v1/roles/"):
        return True
    return "/organizations/" in path or "/folders/" in path or "%2Forganizations%2F" in path or "%2Ffolders%2F" in path
