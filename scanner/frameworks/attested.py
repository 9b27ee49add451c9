"""Duties that people attested in every account that was scanned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scanner.accountability.attestations import Attestation, Attestations
from scanner.posture import Posture


def attested_everywhere(
    attestations: Attestations, posture: Posture, duties: Iterable[str], provider: str = ""
) -> Mapping[str, str]:
    """By duty, the words of the attestation that ends first; only what stands today in all accounts of the provider."""
    scopes = [scope for scope in posture.scopes if provider in ("", scope.provider)]
    found: dict[str, str] = {}
    for duty in duties:
        standing: list[Attestation] = []
        for scope in scopes:
            above = (name for container in scope.within for name in (container.uid, container.name))
            names = {scope.account, scope.uid, scope.name, *above} - {""}
            one = attestations.of(duty, scope.provider, names)
            if one is None:
                break
            standing.append(one)
        else:
            if standing:
                found[duty] = str(min(standing, key=lambda each: each.until))
    return found
