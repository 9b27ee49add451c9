"""Two made-up clouds with every sort of cell, the same in every test of the matrix."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec

from scanner.check import Severity
from scanner.document import parse
from scanner.facts import Why
from scanner.finding import Status
from scanner.matrix.catalogue import Catalogue
from scanner.matrix.promises import Attested, Inherited, Promises
from scanner.posture import Counted, Group, Posture
from scanner.record import GapRecord, ScopeRecord, TypeCount
from scanner.responsibility.attribution import Responsibility
from scanner.responsibility.boundary import Unknown
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ProviderDocument, ResponsibilityModel
from scanner.responsibility.resolve import provider_side, resolve
from tests.engine.report.sample import HOSTILE

TODAY = date(2026, 11, 26)
TAKEN = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)

LAB = """
provider: lab
account_type: {title: LAB Account, ocsf_type_id: 99, resource_type: lab.account.settings}
sources: [{id: lab-srm, title: Lab, url: https://lab.example/shared, read: 2026-01-31}]
types:
- id: lab.account.settings
  model: control-plane
  customer: c
  provider: p
  duties: [identity.strong-authentication]
  source: lab-srm
- id: lab.storage.store
  model: paas
  customer: Who may read and write the store.
  provider: Disks, replicas and the service that answers.
  duties: [data.public-access, data.encryption-at-rest, data.recoverability]
  source: lab-srm
  boundary:
  - when: {fact: key, is: own}
    layer: encryption-config
    owner: customer
    why: the key is decided in the account that owns it
    source: lab-srm
- id: lab.compute.machine
  model: iaas
  customer: c
  provider: p
  duties: [runtime.patching, network.ingress]
  source: lab-srm
- id: lab.compute.cluster
  model: caas
  customer: c
  provider: p
  duties: [workload.kubernetes-hardening]
  source: lab-srm
- id: lab.compute.image
  model: control-plane
  customer: c
  provider: p
  duties: [application.supply-chain]
  source: lab-srm
"""
MILL = LAB.replace("lab", "mill").replace("LAB", "MILL").replace("Lab", "Mill")
MODEL = ResponsibilityModel(
    load_model().core,
    (parse(LAB, ProviderDocument, "lab.yaml"), parse(MILL, ProviderDocument, "mill.yaml")),
)
CATALOGUE = Catalogue(
    duties={
        "lab.account.settings": frozenset({"identity.strong-authentication"}),
        "lab.storage.store": frozenset({"data.public-access", "data.encryption-at-rest"}),
        "lab.compute.machine": frozenset({"network.ingress"}),
        "lab.compute.cluster": frozenset({"workload.kubernetes-hardening"}),
        "mill.storage.store": frozenset({"data.public-access"}),
    },
    of_provider={
        "lab": frozenset(
            {
                "identity.strong-authentication",
                "data.public-access",
                "data.encryption-at-rest",
                "network.ingress",
                "workload.kubernetes-hardening",
            }
        ),
        "mill": frozenset({"data.public-access"}),
    },
    kinds={"public-read": frozenset({"bucket"}), "key-missing": frozenset({"bucket"})},
)


def owed(
    type_id: str, duty: str, owner: str | None = None, backup: str | None = None, **facts: object
) -> Responsibility:
    """Whose duty, and who answers; a fact that is not given was not read."""
    said = resolve(MODEL, type_id, duty, lambda name: facts.get(name, Unknown(name, "denied")))
    return msgspec.structs.replace(said, owner=owner, backup=backup) if owner or backup else said


def counted(
    count: int,
    status: Status,
    said: Responsibility,
    *,
    where: tuple[str, str] = ("lab", "1111"),
    type_id: str = "lab.storage.store",
    check: str = "public-read",
    severity: Severity = "high",
    why: tuple[Why, ...] = (),
) -> Counted:
    """Equal results."""
    return Counted(Group(*where, type_id, check, severity, status, why, said), count)


def posture(
    *results: Counted,
    inventory: Mapping[tuple[str, str, str], int] | None = None,
    scopes: tuple[ScopeRecord, ...] = (),
    gaps: tuple[GapRecord, ...] = (),
    origin: str = "findings lab.json",
) -> Posture:
    """What is known of some accounts."""
    stock = tuple(TypeCount(*place, resources) for place, resources in (inventory or {}).items())
    return Posture(counted=results, scopes=scopes, inventory=stock, gaps=gaps, taken_at=TAKEN, origin=origin)


def scope(provider: str, account: str, name: str = "", *, complete: bool = True) -> ScopeRecord:
    """An account that was scanned."""
    return ScopeRecord(f"{provider}::{account}", ("east",), complete, provider, account, name)


PUBLIC = owed("lab.storage.store", "data.public-access", "team-storage", "team-platform")
UNOWNED = owed("lab.storage.store", "data.public-access")
OWN_KEY = owed("lab.storage.store", "data.encryption-at-rest", "team-storage", None, key="own")
UNREAD_KEY = owed("lab.storage.store", "data.encryption-at-rest", "team-storage")
OPEN_PORT = owed("lab.compute.machine", "network.ingress", HOSTILE, "=1+1")
SIGN_IN = owed("lab.account.settings", "identity.strong-authentication", "team-identity", "team-platform")
MILL_PUBLIC = owed("mill.storage.store", "data.public-access", "team-mill")
SCOPES = (
    scope("lab", "1111", "production"),
    scope("lab", "2222", HOSTILE, complete=False),
    scope("mill", "m-1", "図-mill"),
)
STOCK = {
    ("lab", "1111", "lab.storage.store"): 9,
    ("lab", "1111", "lab.account.settings"): 1,
    ("lab", "1111", "lab.compute.machine"): 2,
    ("lab", "2222", "lab.storage.store"): 3,
    ("lab", "2222", "lab.new.gadget"): 1,
    ("mill", "m-1", "mill.storage.store"): 4,
}
DENIED = GapRecord(
    "lab", "2222", "east", "bucket", "store:GetPolicy", ("store:GetPolicy",), "denied", f"no {HOSTILE}", 3
)
SAMPLE = posture(
    counted(2, "fail", PUBLIC, severity="critical"),
    counted(1, "fail", UNOWNED, severity="high"),
    counted(1, "excepted", PUBLIC, severity="medium"),
    counted(5, "pass", PUBLIC),
    counted(3, "unknown", PUBLIC, where=("lab", "2222"), why=("denied",)),
    counted(7, "pass", OWN_KEY, check="key-missing"),
    counted(2, "unknown", UNREAD_KEY, check="key-missing", why=("denied",)),
    counted(1, "not-applicable", provider_side(MODEL, "lab.storage.store", "data.public-access"), check="public-read"),
    counted(1, "excepted", OPEN_PORT, type_id="lab.compute.machine", check="open-port", severity="medium"),
    counted(1, "pass", SIGN_IN, type_id="lab.account.settings", check="mfa"),
    counted(4, "pass", MILL_PUBLIC, where=("mill", "m-1"), type_id="mill.storage.store"),
    inventory=STOCK,
    scopes=SCOPES,
    gaps=(DENIED,),
)
PROMISES = Promises(
    (
        Attested(duty="data.client-side-encryption", by="ada", until=date(2027, 3, 31), rule="attestations.yaml:3"),
        Attested(duty="delivery.iac-assurance", by="bob", until=date(2026, 10, 1), rule="attestations.yaml:9"),
        Attested(
            duty="delivery.drift-control", by=HOSTILE, until=date(2027, 1, 1), places=frozenset({("mill", "m-1")})
        ),
    ),
    (
        Inherited(
            provider="lab",
            document=f"Lab SOC 2 {HOSTILE}",
            reviewed=date(2026, 2, 1),
            review_by=date(2026, 8, 1),
            url="https://lab.example/soc2",
            rule="contract.yaml:2",
        ),
    ),
)
