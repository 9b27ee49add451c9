"""Access keeps the denial law by itself: what was not read never turns one decided answer into the other."""

from __future__ import annotations

from typing import get_args

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st

from scanner.access import Access, Allowed, Guard, Layer, Powers, Undecided, Verb, Who, Witness
from scanner.facts import Unread, UnreadFact

NAMES = ("policy", "list", "sharing")
WHO = st.sampled_from(get_args(Who))
VERB = st.sampled_from(get_args(Verb))
ALLOWED = st.builds(Allowed, WHO, st.just("somebody"), VERB, st.just("it"), st.none())
LAYERS = st.lists(
    st.builds(
        Layer,
        st.sampled_from(NAMES),
        st.lists(ALLOWED, max_size=3).map(tuple),
        st.lists(st.builds(Undecided, WHO, VERB, st.just("a riddle")), max_size=1).map(tuple),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda layer: layer.name,
).map(tuple)
CUT = st.sets(st.sampled_from(NAMES), max_size=3).map(lambda names: tuple(sorted(names)))


@st.composite
def guards(draw: st.DrawFn) -> tuple[Guard, ...]:
    """Guards that were read; what cuts named parties cuts anyone."""
    found = []
    for number in range(draw(st.integers(0, 2))):
        cuts = draw(CUT)
        named = tuple(name for name in cuts if draw(st.booleans()))
        found.append(Guard(f"guard {number}", cuts, named))
    return tuple(found)


ACCESS = st.builds(Access, LAYERS, guards())


def unread(name: str) -> Unread:
    return Unread("denied", (f"paper:{name}",), f"paper:{name}", name)


def answer(access: Access, who: Who, *verbs: Verb) -> tuple[str, tuple[Unread, ...]]:
    hits: list[Allowed] = []
    try:
        hits.extend(access.by(who).to(*verbs))
    except UnreadFact as gap:
        return ("allowed" if hits else "unknown"), gap.unread
    return ("allowed" if hits else "cut off"), ()


def without(access: Access, hidden: set[str]) -> Access:
    """The same where these layers and guards were not read."""
    return Access(
        tuple(
            Layer(layer.name, unread=unread(layer.name)) if layer.name in hidden else layer for layer in access.layers
        ),
        tuple(
            Guard(guard.name, could_cut=NAMES, unread=unread(guard.name)) if guard.name in hidden else guard
            for guard in access.guards
        ),
    )


@given(ACCESS, WHO, st.sets(VERB, min_size=1), st.data())
def test_not_reading_never_flips_an_answer(access: Access, who: Who, verbs: set[Verb], data: st.DataObject) -> None:
    names = [layer.name for layer in access.layers] + [guard.name for guard in access.guards]
    hidden = data.draw(st.sets(st.sampled_from(names), min_size=1))
    whole, _ = answer(access, who, *verbs)
    less, missing = answer(without(access, hidden), who, *verbs)
    assert less in (whole, "unknown")
    if less != whole:
        assert {unread(name) for name in hidden} & set(missing)


@given(ACCESS, WHO, st.sets(VERB, min_size=1))
def test_reading_what_is_named_as_missing_decides(access: Access, who: Who, verbs: set[Verb]) -> None:
    """An UNKNOWN names all that it takes: with these read, the answer is that of the whole."""
    assume(not any(layer.undecided for layer in access.layers))
    names = {layer.name for layer in access.layers} | {guard.name for guard in access.guards}
    less, missing = answer(without(access, names), who, *verbs)
    assert less == "unknown"
    read = {unread_.fact for unread_ in missing}
    assert answer(without(access, names - read), who, *verbs)[0] == answer(access, who, *verbs)[0]


@given(LAYERS, WHO, VERB)
def test_an_unread_guard_matters_only_where_the_rest_allows(layers: tuple[Layer, ...], who: Who, verb: Verb) -> None:
    lone = Guard("guard", could_cut=("policy",), unread=unread("guard"))
    plain = answer(Access(layers), who, verb)
    guarded = answer(Access(layers, (lone,)), who, verb)
    policy = [layer for layer in layers if layer.name == "policy"]
    if plain == ("cut off", ()) or answer(Access(tuple(policy)), who, verb) == ("cut off", ()):
        assert guarded == plain
    elif plain[0] == "allowed":
        others = tuple(layer for layer in layers if layer.name != "policy")
        assert guarded[0] == ("allowed" if answer(Access(others), who, verb)[0] == "allowed" else "unknown")


@given(ACCESS, WHO, VERB)
def test_a_known_guard_ends_all_questions_about_what_it_cuts(access: Access, who: Who, verb: Verb) -> None:
    everything = Guard("wall", cuts=NAMES, cuts_named=NAMES)
    hidden = without(access, {layer.name for layer in access.layers})
    assert answer(Access(hidden.layers, (*hidden.guards, everything)), who, verb) == ("cut off", ())
    assert answer(Access(access.layers, (*access.guards, everything)), who, verb) == ("cut off", ())


def test_a_guard_against_anyone_leaves_named_parties_in() -> None:
    both = (Allowed("anyone", "all", "read", "policy"), Allowed("named", "one", "read", "policy"))
    access = Access((Layer("policy", both),), (Guard("block", cuts=("policy",)),))
    assert answer(access, "anyone", "read") == ("cut off", ())
    assert answer(access, "named", "read") == ("allowed", ())


def test_what_is_allowed_comes_before_what_is_not_known() -> None:
    access = Access((Layer("list", unread=unread("list")), *Access.of(who="anyone", may="read", via="policy").layers))
    question = access.by("anyone").to("read")
    assert next(question).via == "policy"


def test_a_riddle_is_unknown_only_for_whom_and_what_it_is_about() -> None:
    access = Access((Layer("policy", undecided=(Undecided("anyone", "write", "a strange condition"),)),))
    assert answer(access, "anyone", "read") == ("cut off", ())
    assert answer(access, "named", "write") == ("cut off", ())
    ((status, (missing,)),) = (answer(access, "anyone", "write"),)
    assert (status, missing.why, missing.detail) == ("unknown", "not-yet-known", "policy: a strange condition")


@given(ACCESS)
def test_saved_by_names_guards_without_which_anyone_would_be_let_in(access: Access) -> None:
    saved = access.saved_by()
    for guard in access.guards:
        let_in = [
            layer
            for layer in access.layers
            if layer.name in guard.cuts and any(a.who == "anyone" for a in layer.allowed)
        ]
        assert (guard.name in saved) == bool(let_in)


def test_nobody_is_saved_by_a_guard_that_was_not_read() -> None:
    layers = Access.of(who="anyone", may="read", via="policy").layers
    assert Access(layers, (Guard("block", could_cut=("policy",), unread=unread("block")),)).saved_by() == ()


@given(ACCESS)
def test_access_is_plain_data(access: Access) -> None:
    assert msgspec.json.decode(msgspec.json.encode(access), type=Access) == access


def test_examples_say_what_they_say() -> None:
    assert answer(Access.none(), "anyone", *get_args(Verb)) == ("cut off", ())
    (hit,) = Access.of(who="named", may="assume", via="trust", text="account 2").by("named").to("assume", "read")
    assert (hit.text, hit.via, hit.witness) == ("account 2", "trust", None)
    assert Witness("p", "a", "r").context == {}


def test_powers_that_are_undecided_are_raised() -> None:
    powers = Powers(everything=("admin",), escalation=unread("escalation"))
    assert powers.all_powerful() == ("admin",)
    assert Powers().self_elevating() == ()
    try:
        powers.self_elevating()
    except UnreadFact as gap:
        assert gap.unread == (unread("escalation"),)
    else:
        raise AssertionError("what was not decided was told")
