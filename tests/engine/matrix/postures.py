"""Postures whose every text somebody else chose."""

from typing import get_args

import msgspec
from hypothesis import strategies as st

from scanner.check import SEVERITIES
from scanner.facts import Why
from scanner.finding import Status
from scanner.matrix.promises import Attested, Inherited, Promises
from scanner.posture import Counted, Group, Posture
from scanner.record import GapRecord, ScopeRecord, TypeCount
from scanner.responsibility.resolve import resolve
from tests.engine.matrix.world import MODEL, TAKEN, TODAY
from tests.engine.report.hostile import named, texts
from tests.engine.report.sample import HOSTILE

WIDE = st.sampled_from(["図" * 40, "🏠" * 9, "e\u0301" * 30, "x" * 200, "a|b", "=SUM(A1)", "＝1", " -1", "@x", "`x`"])
names = st.one_of(st.sampled_from(["a", "b", HOSTILE, "\ud800", "x" * 300]), WIDE, named)
providers = st.one_of(st.sampled_from(["lab", "mill"]), names)
accounts = st.one_of(st.sampled_from(["1111", "m-1"]), names)
types = st.one_of(st.sampled_from(sorted(MODEL.types)), names)
duties = st.sampled_from(sorted(MODEL.duties))
whys = st.lists(st.sampled_from(get_args(Why)), min_size=1, max_size=2, unique=True).map(tuple)
days = st.dates(min_value=TODAY.replace(year=2025), max_value=TODAY.replace(year=2028))


@st.composite
def groups(draw: st.DrawFn) -> Counted:
    """Equal results, about any duty."""
    status: Status = draw(st.sampled_from(get_args(Status)))
    kind = draw(types)
    said = resolve(MODEL, kind, draw(duties), lambda name: draw(st.sampled_from(["own", "theirs"])))
    said = msgspec.structs.replace(said, owner=draw(st.none() | names), backup=draw(st.none() | names))
    group = Group(
        draw(providers),
        draw(accounts),
        kind,
        draw(names),
        draw(st.sampled_from(SEVERITIES)),
        status,
        draw(whys) if status == "unknown" else (),
        said,
    )
    return Counted(group, draw(st.integers(1, 3_000_000)))


scopes = st.builds(ScopeRecord, names, st.just(()), st.booleans(), providers, accounts, texts)
stock = st.builds(TypeCount, providers, accounts, types, st.integers(0, 500))
gaps = st.builds(
    GapRecord,
    providers,
    accounts,
    texts,
    texts,
    texts,
    st.lists(names, max_size=2).map(tuple),
    st.sampled_from(get_args(Why)),
    texts,
    st.integers(0, 3),
)
postures = st.builds(
    Posture,
    counted=st.lists(groups(), max_size=6).map(tuple),
    scopes=st.lists(scopes, max_size=6).map(tuple),
    inventory=st.lists(stock, max_size=6).map(tuple),
    gaps=st.lists(gaps, max_size=4).map(tuple),
    taken_at=st.just(TAKEN),
    origin=texts,
)
places = st.none() | st.frozensets(st.tuples(providers, accounts), max_size=3)
promises = st.builds(
    Promises,
    st.lists(st.builds(Attested, duty=duties, by=names, until=days, places=places), max_size=4).map(tuple),
    st.lists(
        st.builds(Inherited, provider=providers, document=names, reviewed=days, review_by=st.none() | days, url=texts),
        max_size=3,
    ).map(tuple),
)
