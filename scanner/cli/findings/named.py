"""Whether the names that findings are chosen by stand for something: what is installed, or what a source has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase

from scanner.cli import doors
from scanner.cli.findings.chosen import NOBODY, Chosen
from scanner.cli.options import matching
from scanner.cli.planning import model_of
from scanner.cli.sources import Source
from scanner.finding import Finding


def refuse_unknown(chosen: Chosen, source: Source) -> None:
    """Stop where a check, duty or provider is neither installed nor in the source.

    Findings may be of what is not installed any more; the source is read for it only where such a name was given.
    """
    asked: tuple[tuple[str, tuple[str, ...], Callable[[], Mapping[str, object]], str], ...] = (
        ("check", chosen.checks, doors.checks, "ourside checks list"),
        ("duty", chosen.duties, lambda: model_of(list(doors.providers())).duties, "ourside checks list"),
        ("provider", chosen.providers, doors.providers, "ourside scan --help"),
    )
    found: dict[str, set[str]] = {}
    for what, names, installed, see in asked:
        known = list(installed()) if names else []
        for name in names:
            if any(fnmatchcase(each, name) for each in known):
                continue
            found = found or _names_in(source.findings())
            matching(what, name, [*known, *sorted(found[what].difference(known))], see)


def _names_in(findings: Iterable[Finding]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"check": set(), "duty": set(), "provider": set()}
    for finding in findings:
        found["check"].add(finding.check)
        found["duty"].add(finding.responsibility.duty)
        found["provider"].add(finding.resource.provider)
    return found


class Places:
    """Owners and accounts in a source: any text may be the name of one, so one that is not there is only noted."""

    def __init__(self, chosen: Chosen, source: Source) -> None:
        self._chosen, self._source = chosen, source

    def notes(self) -> Iterator[str]:
        """About each name that nothing in the source has."""
        owners = [name for name in self._chosen.owners if name != NOBODY]
        if not owners and not self._chosen.accounts:
            return
        groups = [counted.group for counted in self._source.posture().counted]
        for name in owners:
            yield from self._noted("owner", name, {group.responsibility.owner or NOBODY for group in groups})
        for name in self._chosen.accounts:
            scanned = {scope.account for scope in self._source.run().scopes}
            yield from self._noted("account", name, {group.account for group in groups} | scanned)

    def _noted(self, what: str, name: str, known: set[str]) -> Iterator[str]:
        if any(fnmatchcase(each, name) for each in known):
            return
        near = get_close_matches(name, known, 1)
        hint = f". Did you mean {near[0]!r}?" if near else ""
        yield f"note: nothing in {self._source.name} has the {what} {name!r}{hint}"
