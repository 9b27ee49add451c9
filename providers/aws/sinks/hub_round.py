"""One batch of findings on its way to the hubs of several accounts and regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from providers.aws.sinks.closed import Closed
from providers.aws.sinks.hub import Hub, denied, elsewhere, off
from providers.aws.sinks.send_failed import SendFailed
from scanner.deliver.sink import SENT, Outcome, SinkError

if TYPE_CHECKING:
    from providers.aws.client.sending import Caller, Sending

MOST = 100
OCTETS = 5_500_000
"""100 findings and 6 MB: https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html
The SDK writes them with blanks, which are not counted here."""
SLOWER = 2.0
"""Seconds in which a hub takes 20 more requests (the same page)."""
INVALID = frozenset({
    "413", "InvalidInput", "InvalidInputException", "RequestEntityTooLarge", "SerializationException", "Unsendable",
    "ValidationException",
})  # fmt: skip
NOT_ENABLED = frozenset({"InvalidAccess", "InvalidAccessException"})
"""https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html"""
SILENT = "nobody answered, and whether it was taken is not known"
UNSURE = Outcome("again", "Security Hub does not say which findings it took")


class Item(msgspec.Struct, frozen=True):
    """A finding with its place in the batch."""

    number: int
    finding: dict[str, Any]
    octets: int


class Round:
    """Sends, and keeps what became of each."""

    def __init__(self, sending: Sending, caller: Caller, role: str | None, closed: Closed[Hub]) -> None:
        self._sending = sending
        self._caller = caller
        self._role_name = role
        self._closed = closed
        self._resting: dict[Hub, Outcome] = {}
        """Hubs that take nothing more of this batch."""
        self._quiet = False
        """Nobody answers: who waited for each hub would wait for long."""
        self.outcomes: dict[int, Outcome] = {}

    def send(self, hub: Hub, items: Sequence[Item]) -> None:
        """Send the findings of one hub; SinkError where the credentials are not usable and nothing was taken."""
        for chunk in _chunks(items):
            self._import(hub, chunk)

    def _import(self, hub: Hub, items: Sequence[Item]) -> None:
        role = None
        if hub.account != self._caller.account:
            role = hub.role(self._role_name) if self._role_name else None
            if role is None:
                self._closed.close(hub, elsewhere(hub, self._caller.account))
        closed = self._closed.outcome(hub)
        if closed is not None:
            self._all(items, closed)
        elif hub in self._resting:
            self._all(items, self._resting[hub])
        elif self._quiet:
            self._all(items, Outcome("again", f"{hub} was not asked: nobody answered before"))
        else:
            self._ask(hub, items, role)

    def _ask(self, hub: Hub, items: Sequence[Item], role: str | None) -> None:
        findings = {"Findings": [item.finding for item in items]}
        try:
            answer = self._sending.send("batch_import_findings", hub.region, role, findings)
        except SendFailed as failure:
            self._not_taken(hub, items, failure, role)
        else:
            self._answered(hub, items, answer)

    def _answered(self, hub: Hub, items: Sequence[Item], answer: Mapping[str, Any]) -> None:
        errors = {str(error["Id"]): error for error in answer.get("FailedFindings", ())}
        named = sum(item.finding["Id"] in errors for item in items)
        others = SENT if answer.get("FailedCount") == named else UNSURE
        for item in items:
            error = errors.get(item.finding["Id"])
            self.outcomes[item.number] = others if error is None else self._judged(hub, error)

    def _judged(self, hub: Hub, error: Mapping[str, Any]) -> Outcome:
        code, said = str(error.get("ErrorCode", "")), str(error.get("ErrorMessage", ""))[:300]
        if code in NOT_ENABLED:
            return self._closed.close(hub, off(hub))
        return Outcome("refused" if code in INVALID else "again", f"{code}: {said}")

    def _not_taken(self, hub: Hub, items: Sequence[Item], failure: SendFailed, role: str | None) -> None:
        if failure.code in NOT_ENABLED:
            self._close(hub, items, off(hub))
        elif failure.why == "denied":
            self._close(hub, items, denied(hub, failure.said, role))
        elif failure.why in ("service-off", "region-off"):
            self._close(hub, items, f"{hub} is not enabled for the account ({failure.said})")
        elif failure.code in INVALID:
            self._apart(hub, items, failure)
        elif failure.unsigned and role is None and not any(each is SENT for each in self.outcomes.values()):
            raise SinkError(
                f"the AWS credentials are not usable ({failure.said}). {self._sending.sign_in}", lasting=True
            )
        else:
            self._quiet = failure.silent
            why = SILENT if failure.silent else failure.said
            self._resting[hub] = Outcome("again", f"{hub}: {why}", SLOWER if failure.why == "throttled" else None)
            self._all(items, self._resting[hub])

    def _apart(self, hub: Hub, items: Sequence[Item], failure: SendFailed) -> None:
        """A request was refused as a whole: its halves are sent, so that one bad finding costs only itself."""
        if len(items) == 1:
            self._all(items, Outcome("refused", failure.said))
            return
        half = len(items) // 2
        self._import(hub, items[:half])
        self._import(hub, items[half:])

    def _close(self, hub: Hub, items: Sequence[Item], why: str) -> None:
        self._all(items, self._closed.close(hub, why))

    def _all(self, items: Sequence[Item], outcome: Outcome) -> None:
        self.outcomes |= {item.number: outcome for item in items}


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    chunk: list[Item] = []
    octets = 0
    for item in items:
        if chunk and (len(chunk) == MOST or octets + item.octets > OCTETS):
            yield chunk
            chunk, octets = [], 0
        chunk.append(item)
        octets += item.octets
    if chunk:
        yield chunk
