"""Lists of plain texts become resources, are told apart by what they lie in, and are asked about by lists of texts."""

from __future__ import annotations

from scanner.check import Reason, Reasons, check
from scanner.facts import Call, Fact, Unread
from scanner.model import Listing, Resource
from tests.engine.papercloud import PaperSession
from tests.engine.rules import collect, explained, fact

SHOPS = Call("trade", "ListShops", {}, "paper:ListShops", items="shops")
CLERKS = Call("trade", "ListClerks", {"Of": "{it.name}"}, "paper:ListClerks", items="clerks")
ABOUT = Call(
    "trade", "AboutClerks", {"Of": "{it.parent_id}", "Names": ("{it.name}",)}, "paper:AboutClerks", items="about"
)


class Shop(Resource, kind="shop", type_id="paper.trade.shop"):
    listed = Listing(uid="paper:shop/{name}", name="{name}", call=SHOPS, within=lambda name: ({"name": name},))


class ShopClerk(Resource, kind="shop-clerk", type_id="paper.trade.clerk"):
    listed = Listing(
        uid="{parent.uid}/{name}", name="{name}", call=CLERKS, parent=Shop, within=lambda name: ({"name": name},)
    )
    shop = Fact[str]("The shop that it stands in.").listed("{parent.name}")
    sells = Fact[str]("What it sells.").from_bulk(ABOUT, row_key="name", key="{it.name}", take=lambda row: row["sells"])


@check("selling", severity="low", reads=[ShopClerk.sells, ShopClerk.shop], duty="network.ingress")
@explained
def selling(clerk: ShopClerk) -> Reasons:
    if clerk.sells == "nothing":
        yield Reason(clerk.shop)


ANSWERS = {
    ("ListShops", "global", ""): {"shops": ["baker", "butcher"]},
    ("ListClerks", "global", "baker"): {"clerks": ["ann", "bob"]},
    ("ListClerks", "global", "butcher"): {"clerks": ["ann"]},
}


def test_those_of_one_name_are_told_apart_by_what_they_lie_in() -> None:
    about = {
        ("AboutClerks", "global", "baker"): {"about": [{"name": "ann", "sells": "bread"}]},
        ("AboutClerks", "global", "butcher"): {"about": [{"name": "ann", "sells": "meat"}]},
    }
    session = PaperSession({"one": {**ANSWERS, **about}})
    estate = collect(session, [selling], kinds=(Shop, ShopClerk))
    assert fact(estate, "paper:shop/baker/ann", "sells") == "bread"
    assert fact(estate, "paper:shop/butcher/ann", "sells") == "meat"
    assert fact(estate, "paper:shop/butcher/ann", "shop") == "butcher"
    missing = fact(estate, "paper:shop/baker/bob", "sells")
    assert isinstance(missing, Unread)
    assert missing.why == "stale"
    asked = {question[3:] for question in session.asked if question[1] == ABOUT.wire}
    assert asked == {
        (("Names", (name,)), ("Of", of)) for of, name in (("baker", "ann"), ("baker", "bob"), ("butcher", "ann"))
    }


def test_a_list_of_texts_that_names_the_resource_makes_a_call_its_own() -> None:
    assert ABOUT.per_resource
    assert Call("trade", "About", {"Names": ("{it.name}",)}).per_resource
    assert not Call("trade", "About", {"Names": ("all", "{scope.account}")}).per_resource
