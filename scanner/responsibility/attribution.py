"""What a finding says about responsibility."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

import msgspec

Owner: TypeAlias = Literal["customer", "shared", "provider"]
ServiceModel: TypeAlias = Literal["iaas", "caas", "paas", "faas", "saas", "control-plane"]
"""What the provider runs around a resource. A `control-plane` object is a setting only: nothing runs in it."""
SharedKind: TypeAlias = Literal["independent", "dependent"]
"""CSA's words for a shared control: each part works without the other, or only with it."""


class Citation(msgspec.Struct, frozen=True):
    """The provider's page that says so."""

    doc: str
    url: str
    read: date | None
    """The day on which the page was last read against our words; None: its address is known, no more."""


class Responsibility(msgspec.Struct, frozen=True, kw_only=True):
    """Whose duty a result is, for one resource. Shared by all results with the same answer; never changed."""

    duty: str
    layer: str
    layer_owner: Owner
    side: Literal["customer", "provider"]
    """The half that a FAIL would violate: `provider` only for objects that the provider owns, which never FAIL."""
    service_model: ServiceModel
    boundary_rule: str | None = None
    """The attribute of this resource that moved the line, and why; None where the table of layers decided."""
    customer_part: str
    provider_part: str
    owner: str | None = None
    """The person or team that answers for it, by the owners file or by tags; None where neither names one."""
    backup: str | None = None
    """Who acts where the owner does not."""
    channel: str | None = None
    """Where the owner is reached."""
    owned_by: str | None = None
    """The rule that decided, with its file and line."""
    owner_undecided: tuple[str, ...] = ()
    """Rules before it that a fact which was not read left open: with it, the owner could be another."""
    shared_kind: Literal["customer-only", "independent", "dependent"]
    """How the duty's two halves hang together."""
    ccm_ownership: Literal["csc-owned", "shared-csp-csc", "csp-owned"]
    """Ownership word of the Cloud Controls Matrix, for this duty on this resource."""
    inheritance: Literal["system-specific", "hybrid", "common"]
    """The same in the words of NIST SP 800-53."""
    confidence: Literal["mapped", "inherited-from-service", "default-rule"]
    """The type lists the duty; or the type, or all types of its service, give the model; or neither is known."""
    undecided: tuple[str, ...] = ()
    """Boundary rules that a fact which was not read left open; `layer_owner` is then the table's."""
    source: Citation | None = None
