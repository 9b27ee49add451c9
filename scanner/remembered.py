"""A session's memory of answers that are the same for many scopes, and so asked for once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from scanner.provider import AskFailed, Page


@dataclass(slots=True)
class _Held:
    asking: threading.Lock = field(default_factory=threading.Lock)
    page: Page | None = None
    failure: AskFailed | None = None


class Remembered:
    """Pages of answers, and refusals that last. Thread-safe; who asks the same meanwhile waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[object, ...], _Held] = {}

    def ask(self, wire: str, params: Mapping[str, object], send: Callable[[], Page]) -> Page:
        """The remembered page, which nobody may change; else what `send` gives or raises."""
        key = (wire, *sorted(params.items()))
        with self._lock:
            held = self._held.setdefault(key, _Held())
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
