"""A made-up cloud with an access engine, installed by the doors that any plug-in uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from scanner.access import Judgement, Verdict, Witness
from scanner.collect import Collection
from scanner.facts import Call, Every, Unread, UnreadFact, every
from scanner.model import Estate, Resource
from scanner.plan import Plan
from scanner.provider import Option, Session, Settings, Target
from scanner.questions import BadInput, Deciding, Explanation, Input, NewAccess, Result, Row, WhoCan
from scanner.snapshot import lines
from tests.engine import papercloud
from tests.engine.office import C, D, Papers
from tests.engine.papercloud import KINDS, Clerk, Drawer, PaperSession, Rule
from tests.engine.rules import QUICK, TAKEN_AT

HOSTILE = "paper:one:clerk:eve\x1b[2J\u202e\nroot"
OFFICE = Papers(
    drawers=(
        D("plans", policy="open"),
        D("notes", policy="shut"),
        D("pay", policy="shut", lock="on"),
    ),
    clerks=(
        C("ann", rules=("all",)),
        C("bob", rules=("some",), teams=("movers",)),
        C("eve\x1b[2J\u202e\nroot", teams=("movers",)),
        C("zoe"),
    ),
    teams={"movers": ("all",)},
    rules={"all": ("all", "us"), "some": ("some", "us")},
)

WORDS: dict[str, tuple[Verdict, str]] = {
    "anyone": ("public", "anyone"),
    "partner": ("cross-account", "the partner"),
    "nobody": ("private", "nobody outside the account"),
    "riddle": ("unknown", "not decided"),
}


class PaperEngine:
    """Answers from a word or two."""

    name = "paper"
    services: Mapping[str, tuple[str, ...]] = {"drawer": (), "camera": ("view", "record"), "gate": ("pass",)}

    def judge(self, service: str, given: Input, dimension: str = "") -> Judgement:
        if "policy" not in given:
            raise BadInput("/policy", "is missing")
        policy = given["policy"]
        opens = policy.get("opens") if isinstance(policy, dict) else None
        if not isinstance(opens, str):
            raise BadInput("/policy/opens", "must be text")
        verdict, who = WORDS[opens]  # another word is a defect of this engine
        witness = Witness(who, "open", str(given.get("resource", service))) if verdict == "public" else None
        return Judgement(verdict, who, witness, f"{service} {dimension} {given.get('account', '')}", ("paper",))

    def authorize(self, item: Input) -> Result | bool:
        if item.get("kind") == "condition":
            return bool(item["holds"])
        if not isinstance(item.get("allows"), list):
            raise BadInput("/allows", "must be a list")
        if item.get("wants") == "a defect":
            raise ZeroDivisionError("oh")
        return "Allowed" if item.get("wants") in item["allows"] else "ImplicitlyDenied"

    def reads(self) -> Sequence[Every]:
        return (every(Drawer, Drawer.policy), every(Clerk, Clerk.rules, Clerk.teams), every(Rule, Rule.allows))

    def who_can(self, estates: Sequence[Estate], action: str, resource: str) -> WhoCan:
        if action != "open":
            raise BadInput("", f"nothing can be {action}ed: the only action is open")
        rows = [row for estate in estates for row in self._rows(estate, resource)]
        unread = {gap.unread for estate in estates for gap in estate.gaps}
        gaps = [f"not read: {gap.fact}; needs {', '.join(gap.needs)}" for gap in unread]
        return WhoCan(tuple(rows), tuple(sorted(gaps)))

    def _rows(self, estate: Estate, resource: str) -> Iterator[Row]:
        drawer = estate.find(resource, Drawer)
        if not isinstance(drawer, Drawer):
            raise BadInput("", f"there is no drawer {resource}")
        try:
            if drawer.policy == "open":
                yield Row("always", "anyone", ("the drawer is open",), (), Witness("anyone", "open", resource))
        except UnreadFact as gap:
            yield Row("unknown", "anyone", (), why=f"needs {', '.join(gap.unread[0].needs)}")
        for clerk in estate.of(Clerk):
            rules = clerk.stored["rules"]
            if isinstance(rules, Unread) or not isinstance(rules, tuple):
                continue
            for uid in rules:
                steps = (f"rule {uid}", "statement /Statement/0")
                if uid.endswith(":all"):
                    witness = Witness(clerk.uid, "open", resource, {"desk": "1", "hour": "9"}, "/Statement/0")
                    yield Row("always", clerk.uid, steps, (), witness)
                else:
                    conditions = ("it is between 9 and 17 o'clock at " + "the office " * 20, "it rains")
                    yield Row("under conditions", clerk.uid, steps, conditions, Witness(clerk.uid, "open", resource))
            if clerk.stored["teams"]:
                yield Row("one hop away", clerk.uid, ("becomes ann", "rule all"), (), None)

    def why(self, estates: Sequence[Estate], principal: str, action: str, resource: str) -> Explanation:
        found = [row for row in self.who_can(estates, action, resource).rows if row.principal == principal]
        if principal.endswith("riddle"):
            return Explanation("unknown", "nobody can tell")
        if found:
            deciding = Deciding("Allow", "rule all", "/Statement/0", "allows open")
            return Explanation("Allowed", "a rule", (deciding,), found[0].conditions, found[0].witness)
        edits = ("add open to the rule some", "take the lock away")
        return Explanation("ImplicitlyDenied", "nothing allows it", edits=edits)

    def new_access(self, older: Input, newer: Input) -> Sequence[NewAccess]:
        for side in (older, newer):
            if not isinstance(side.get("allows"), list):
                raise BadInput("/allows", "must be a list")
        added = [str(name) for name in newer["allows"] if name not in older["allows"]]
        return [
            NewAccess("policy", None if name == "riddle" else Witness("anyone", name, "*"), f"{name} is added")
            for name in added
        ]

    def new_access_between(self, older: Sequence[Estate], newer: Sequence[Estate]) -> Sequence[NewAccess]:
        before = {drawer.uid: drawer.stored["policy"] for estate in older for drawer in estate.of(Drawer)}
        opened = [
            drawer.uid
            for estate in newer
            for drawer in estate.of(Drawer)
            if drawer.stored["policy"] == "open" != before.get(drawer.uid)
        ]
        return [NewAccess(uid, Witness("anyone", "open", uid)) for uid in opened]


class OfficeSession(PaperSession):
    """The office, signed in."""

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        return Target((papercloud.scope(),))


class PaperProvider:
    """The made-up cloud."""

    name = "paper"
    title = "Paper"
    options = (Option("refused", "Permissions that are refused.", "NAMES"),)
    responsibility = Path(__file__).with_name("none.yaml")
    demos: Mapping[str, str] = {}

    def kinds(self) -> Sequence[type[Resource]]:
        return KINDS

    def session_calls(self, *, regional: bool) -> Sequence[Call]:
        return ()

    def policy(self, permissions: Sequence[str]) -> str:
        return " ".join(permissions)

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> Session:
        made = {call.wire for call in calls}
        refused = frozenset(settings.get("refused", "").split())
        answers = {key: answer for key, answer in OFFICE.answers().items() if any(key[0] in wire for wire in made)}
        return OfficeSession({"one": answers}, refused)

    def demo(self, name: str) -> AbstractContextManager[Settings]:
        raise NotImplementedError


PROVIDER = PaperProvider()
ENGINE = PaperEngine()
ENTRY_POINTS = (
    "[ourside.providers]\npaper = tests.cli.paper:PROVIDER\n[ourside.access]\npaper = tests.cli.paper:ENGINE\n"
)


def install(folder: Path, entry_points: str = ENTRY_POINTS) -> dict[str, str]:
    """Install it in a folder as pip would, and give the environment that finds it."""
    metadata = folder / "paper-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: paper\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(entry_points)
    (folder / "tests").symlink_to(Path(__file__).resolve().parents[1])
    return {"PYTHONPATH": str(folder)}


def save(path: Path, office: Papers) -> None:
    """Write the snapshot of an office, with all that the engine reads."""
    session = PaperSession({"one": office.answers()})
    plan = Plan.reading(ENGINE.reads(), KINDS)
    reading = Collection(plan, session, Target((papercloud.scope(),)), TAKEN_AT, QUICK)
    path.write_text("".join(lines(list(reading), "1.0")))
