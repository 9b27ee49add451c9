"""Resource Graph's quota: so many queries in each window of five seconds, told in the headers of every answer.

https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
"""

import time

_WINDOW = 5.0


class Quota:
    """Counts one tenant's queries; without a limit it says what the recorded answers say."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._since = 0.0
        self._used = 0

    def take(self) -> bool:
        """True when one more query may be answered now."""
        if self._limit is None:
            return True
        now = time.monotonic()
        if now - self._since >= _WINDOW:
            self._since, self._used = now, 0
        self._used += 1
        return self._used <= self._limit

    @property
    def wait(self) -> int:
        """Whole seconds until the window ends."""
        if self._limit is None:
            return int(_WINDOW)
        return max(1, int(_WINDOW - (time.monotonic() - self._since)) + 1)

    def headers(self) -> tuple[tuple[str, str], ...]:
        """What is left, and for how long that counts."""
        left = 14 if self._limit is None else max(0, self._limit - self._used)
        resets = f"00:00:{min(self.wait, int(_WINDOW)):02}"
        return (("x-ms-user-quota-remaining", str(left)), ("x-ms-user-quota-resets-after", resets))
