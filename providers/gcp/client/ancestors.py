"""Answers about folders, organisations and Google's roles: the same for every project, and so asked once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from scanner.provider import AskFailed, Page

Key = tuple[object, ...]


@dataclass(slots=True)
class _Remembered:
    asking: threading.Lock = field(default_factory=threading.Lock)
    page: Page | None = None
    failure: AskFailed | None = None


class Ancestors:
    """What was answered about what projects share. Thread-safe; who asks the same meanwhile waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[Key, _Remembered] = {}

    def ask(self, wire: str, path: str, params: Mapping[str, object], send: Callable[[], Page]) -> Page:
        """The remembered answer or lasting refusal; else what `send` gives or raises."""
        key = (wire, path, *sorted(params.items()))
        with self._lock:
            held = self._held.setdefault(key, _Remembered())
        with held.asking:
            if held.page is not None:
                return replace(held.page, sent=False)
            if held.failure is not None:
                raise AskFailed(held.failure.why, held.failure.code, held.failure.detail)
            try:
                held.page = send()
            except AskFailed as failure:
                if not failure.again:
                    held.failure = failure
                raise
            return held.page


def is_about_ancestors(path: str) -> bool:
    """Whether a path leads to a folder, an organisation, or a role of Google's own."""
    if path.startswith("/v1/roles/"):
        return True
    return "/organizations/" in path or "/folders/" in path or "%2Forganizations%2F" in path or "%2Ffolders%2F" in path
