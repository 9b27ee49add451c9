"""Documents by the thousand: networks, stores and sites."""

from __future__ import annotations

from hypothesis import strategies as st

from providers.azure.policy.model.addresses import parse_range
from providers.azure.policy.model.endpoint import Endpoint, Firewall, Instance, Perimeter, Subnet
from providers.azure.policy.model.requests import Source
from providers.azure.policy.model.sites import Function, SignIn, Site, SiteRule
from providers.azure.policy.model.stores import Container, Registry, StorageAccount
from tests.providers.azure.policy.documents import FOREIGN, OWN, SUBNET

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
OWN_SUBNET = f"{SUBNET}-own"
TAGS = ("AzureCloud", "AzureFrontDoor.Backend")
ADDRESSES = (
    "93.184.216.34",
    "198.51.100.77",
    "203.0.113.7",
    "20.1.1.1",
    "21.1.1.1",
    "130.1.1.1",
    "2001:db8::1",
    "2a00::1",
)
_TEXTS = (
    "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "198.51.100.0/24", "203.0.113.7", "20.0.0.0/8", "21.0.0.0/8",
    "10.0.0.0/8", "::/0", "2001:db8::/48", "198.51.100.64-198.51.100.80", "no range",
)  # fmt: skip

ranges = st.sampled_from(_TEXTS).map(parse_range)
some_ranges = st.lists(ranges, max_size=4).map(tuple)
readable_ranges = st.lists(st.sampled_from(_TEXTS[:-1]).map(parse_range), max_size=4).map(tuple)
subnets = st.lists(st.sampled_from((Subnet(SUBNET), Subnet(OWN_SUBNET, own=True))), max_size=2).map(tuple)
instances = st.lists(
    st.sampled_from((Instance("/mine", OWN, own=True), Instance("/theirs", FOREIGN, own=False))), max_size=2
).map(tuple)
firewalls = st.builds(Firewall, st.booleans(), some_ranges, subnets, instances, st.booleans())
perimeters = st.builds(
    Perimeter, st.booleans(), some_ranges, st.lists(st.sampled_from((SUBSCRIPTION, FOREIGN)), max_size=2).map(tuple)
)
endpoints = st.builds(
    Endpoint,
    st.sampled_from(("enabled", "enabled", "disabled", "perimeter")),
    firewalls,
    st.none() | st.none() | perimeters,
    st.just(SUBSCRIPTION),
)
sources = st.sampled_from(
    (
        *(Source("address", one) for one in ADDRESSES),
        Source("subnet", SUBNET),
        Source("azure", "any customer's host"),
        Source("resource", "/theirs"),
        Source("subscription", FOREIGN),
        *(Source("service", tag) for tag in TAGS),
    )
)
"""Places outside."""

containers = st.builds(
    Container, st.sampled_from(("img", "$web")), st.sampled_from(("none", "blob", "container", None))
)
accounts = st.builds(
    StorageAccount,
    st.sampled_from(("storagev2", "storagev2", "filestorage", "blobstorage", "")),
    st.sampled_from((True, True, False, None)),
    endpoints,
    st.lists(containers, max_size=3).map(tuple),
    st.booleans(),
)
registries = st.builds(Registry, st.sampled_from(("premium", "standard", "basic", "")), st.booleans(), endpoints)

rules = st.builds(
    SiteRule,
    st.booleans(),
    st.integers(1, 4),
    some_ranges,
    st.sampled_from((False, False, False, True)),
    st.sampled_from((False, False, True)),
    st.lists(st.sampled_from(TAGS), max_size=1).map(tuple),
    st.sampled_from((None, Subnet(SUBNET), Subnet(OWN_SUBNET, own=True))),
    st.sampled_from(((), (), ("x-azure-fdid",))),
)
sign_ins = st.builds(
    SignIn,
    st.sampled_from(("allow", "refuse")),
    st.lists(st.sampled_from((("own", OWN), ("foreign", FOREIGN), ("any", "common"))), max_size=2).map(tuple),
    st.sampled_from(((), (), ("/health",))),
)
functions = st.builds(
    Function,
    st.sampled_from(("f", "g")),
    st.sampled_from((True, True, False, None)),
    st.sampled_from(("anonymous", "key", None)),
    st.booleans(),
)
sites = st.builds(
    Site,
    st.sampled_from((True, True, True, False)),
    st.lists(rules, max_size=4).map(tuple),
    st.sampled_from((None, True, False)),
    st.none() | sign_ins,
    st.none() | st.lists(functions, max_size=3).map(tuple),
)
