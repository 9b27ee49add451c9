"""The session: it makes declared calls only, once, whole, and says in common words why one failed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError

from providers.aws import PROVIDER
from providers.aws.calls import CALLER, REGIONS
from providers.aws.client.guard import UndeclaredOperation
from providers.aws.cloudtrail import TRAILS
from providers.aws.emulator import Emulator, Rule
from providers.aws.iam import ALL_OF_IAM
from providers.aws.s3 import BUCKETS, POLICY, VERSIONING
from scanner.facts import Call
from scanner.model import GLOBAL
from scanner.provider import AskFailed, Session, SessionError, SettingError, Target

KEYS = {"access-key-id": "AKIAIOSFODNN7EXAMPLE", "secret-access-key": "secret", "home-region": "us-east-1"}
SESSION = PROVIDER.session_calls(regional=True)


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def _clear(account: Emulator) -> None:
    account.allow_all()
    account.forget()


def open_session(account: Emulator, *calls: Call) -> tuple[Session, Target]:
    session = PROVIDER.connect({**KEYS, "endpoint": account.url}, [*SESSION, *calls], 2)
    return session, session.target((), (), regional=True)


def ask(account: Emulator, call: Call, params: Mapping[str, object], region: str = GLOBAL) -> Mapping[str, Any]:
    session, target = open_session(account, call)
    try:
        return session.ask(target.scopes[0], region, call, params).answer
    finally:
        session.close()


def failure(account: Emulator, call: Call, params: Mapping[str, object], region: str = GLOBAL) -> AskFailed:
    with pytest.raises(AskFailed) as caught:
        ask(account, call, params, region)
    return caught.value


def test_the_target_is_the_callers_account_and_its_enabled_regions(account: Emulator) -> None:
    _, target = open_session(account)
    (scope,) = target.scopes
    assert scope.uid == f"arn:aws:account::{account.account}:account"
    assert scope.regions == ("eu-central-1", "eu-west-1", "us-east-1")
    assert target.unread == ()


def test_refused_regions_leave_the_home_region_and_say_so(account: Emulator) -> None:
    account.deny("ec2:DescribeRegions")
    _, target = open_session(account)
    assert target.scopes[0].regions == ("us-east-1",)
    ((_, unread),) = target.unread
    assert (unread.why, unread.needs) == ("denied", ("ec2:DescribeRegions",))


def test_chosen_regions_are_not_asked_for(account: Emulator) -> None:
    session = PROVIDER.connect({**KEYS, "endpoint": account.url}, [*SESSION], 2)
    target = session.target(("eu-west-1", GLOBAL), (), regional=True)
    assert target.scopes[0].regions == ("eu-west-1",)
    assert account.counts["ec2:DescribeRegions"] == 0
    with pytest.raises(SettingError, match="did you mean eu-west-1"):
        session.target(("eu-west1",), (), regional=True)


def test_an_undeclared_operation_never_reaches_the_wire(account: Emulator) -> None:
    session, target = open_session(account, BUCKETS)
    account.forget()
    with pytest.raises(UndeclaredOperation, match="GetBucketVersioning"):
        session.ask(target.scopes[0], GLOBAL, VERSIONING, {"Bucket": "acme-website"})
    write = Call("s3", "DeleteBucket", {"Bucket": "acme-website"})
    with pytest.raises(UndeclaredOperation, match="DeleteBucket"):
        session.ask(target.scopes[0], GLOBAL, write, {"Bucket": "acme-website"})
    assert account.requests == []


@pytest.mark.parametrize(
    ("why", "expected", "again"),
    [
        ("denied", "denied", False),
        ("throttled", "throttled", True),
        ("failed", "failed", True),
        ("expired", "expired", False),
        ("truncated", "failed", True),
        ("reset", "unreachable", True),
        ("unreachable", "unreachable", True),
        ("region-off", "region-off", False),
    ],
)
@pytest.mark.parametrize("call", [TRAILS, VERSIONING, ALL_OF_IAM], ids=lambda call: call.wire)
def test_failures_in_common_words(account: Emulator, call: Call, why: Any, expected: str, again: bool) -> None:
    if call is ALL_OF_IAM and why == "region-off":
        expected = "expired"  # it has no regions: whoever is unknown there is unknown everywhere
    account.disturb(Rule(why=why, operation=call.wire))
    params = {"Bucket": "acme-website"} if call is VERSIONING else {}
    failed = failure(account, call, params, GLOBAL if call is ALL_OF_IAM else "eu-west-1")
    assert (failed.why, failed.again) == (expected, again)
    unread = failed.unread(call, "fact")
    assert unread.needs == (call.permissions if expected == "denied" else ())
    assert unread.call == call.wire


def test_a_region_that_has_answered_is_not_off(account: Emulator) -> None:
    """Credentials that are deleted while we scan must not read as regions that are not enabled."""
    session, target = open_session(account, TRAILS)
    session.ask(target.scopes[0], "eu-west-1", TRAILS, {})
    account.disturb(Rule(why="region-off", operation=TRAILS.wire))
    for region, why in (("eu-west-1", "expired"), ("eu-central-1", "region-off")):
        with pytest.raises(AskFailed) as caught:
            session.ask(target.scopes[0], region, TRAILS, {})
        assert caught.value.why == why


def test_pages_go_on_to_the_end(account: Emulator) -> None:
    session, target = open_session(account, ALL_OF_IAM)
    whole = session.ask(target.scopes[0], GLOBAL, ALL_OF_IAM, {"MaxItems": 1000}).answer
    members = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
    found: dict[str, list[str]] = {member: [] for member in members}
    more: Mapping[str, object] | None = {}
    while more is not None:
        page = session.ask(target.scopes[0], GLOBAL, ALL_OF_IAM, {"MaxItems": 2, **more})
        for member in members:
            found[member] += [item["Arn"] for item in page.answer[member]]
        more = page.next
    assert found == {member: [item["Arn"] for item in whole[member]] for member in members}


def test_policy_documents_keep_their_text(account: Emulator) -> None:
    """The SDK would decode them, and drop duplicate keys on the way."""
    roles = ask(account, ALL_OF_IAM, {"MaxItems": 1000})["RoleDetailList"]
    assert all(isinstance(role["AssumeRolePolicyDocument"], str) for role in roles)


def test_absent_and_gone_are_told_by_their_codes(account: Emulator) -> None:
    assert failure(account, POLICY, {"Bucket": "acme-scratch"}, "us-east-1").code in POLICY.absent
    assert failure(account, POLICY, {"Bucket": "acme-never-was"}).code in POLICY.gone


Answerer = Callable[[BaseHTTPRequestHandler], tuple[int, Mapping[str, str], bytes]]


@pytest.fixture
def serve() -> Iterator[Callable[[Answerer], str]]:
    """A server that answers every request by a function."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answerer) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers, body = answer(self)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        for method in ("do_GET", "do_POST"):
            setattr(Handler, method, Handler.answer)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


IDENTITY = (
    b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    b"<Arn>arn:aws:iam::111122223333:user/a</Arn><UserId>A</UserId><Account>111122223333</Account>"
    b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


def answering(body: bytes, **headers: str) -> Answerer:
    """Identity is answered as it should be; everything else with this body."""

    def answer(request: BaseHTTPRequestHandler) -> tuple[int, Mapping[str, str], bytes]:
        if b"sts" in request.headers.get("Authorization", "").encode():
            return 200, {}, IDENTITY
        return 200, headers, body

    return answer


def asked(url: str, call: Call, params: Mapping[str, object]) -> Mapping[str, Any]:
    session = PROVIDER.connect({**KEYS, "endpoint": url}, [CALLER, call], 2)
    target = session.target(("us-east-1",), (), regional=True)
    return session.ask(target.scopes[0], "us-east-1", call, params).answer


@pytest.mark.parametrize("kept", [0, 1, 20, 40])
def test_a_json_answer_that_is_cut_is_a_failure(serve: Callable[[Answerer], str], kept: int) -> None:
    """The SDK reads a cut JSON body as success without keys, which would mean "no trails"."""
    whole = json.dumps({"trailList": [{"Name": "a", "TrailARN": "arn:aws:cloudtrail:us-east-1:1:trail/a"}]}).encode()
    url = serve(answering(whole[:kept], **{"Content-Length": str(len(whole))}))
    with pytest.raises(AskFailed) as caught:
        asked(url, TRAILS, {})
    assert caught.value.why in ("failed", "unreachable")
    assert caught.value.again


@pytest.mark.parametrize("call", [BUCKETS, VERSIONING, ALL_OF_IAM], ids=lambda call: call.wire)
def test_an_empty_answer_is_a_failure(serve: Callable[[Answerer], str], call: Call) -> None:
    with pytest.raises(AskFailed) as caught:
        asked(serve(answering(b"")), call, {"Bucket": "b"} if call is VERSIONING else {})
    assert caught.value.why == "failed"


def test_nobody_there(serve: Callable[[Answerer], str]) -> None:
    with pytest.raises(SessionError, match=r"cannot reach http://127\.0\.0\.1:9 .*network"):
        PROVIDER.connect({**KEYS, "endpoint": "http://127.0.0.1:9"}, [CALLER], 2)


def test_one_client_per_service_and_region(account: Emulator) -> None:
    session, target = open_session(account, TRAILS, BUCKETS)
    scope = target.scopes[0]

    def work(region: str) -> None:
        session.ask(scope, region, TRAILS, {})

    threads = [threading.Thread(target=work, args=(region,)) for region in scope.regions * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clients: Sequence[tuple[str, str]] = list(session._clients)  # type: ignore[attr-defined]
    assert len([key for key in clients if key[0] == "cloudtrail"]) == len(scope.regions)


def test_clients_that_threads_still_make_do_not_disturb_the_end(account: Emulator) -> None:
    session: Any = open_session(account)[0]

    class Slow:
        """A connection; while it is closed, a thread that ran out of time makes one more."""

        def close(self) -> None:
            session._client("sts", "eu-west-1")

    session._clients["slow", "here"] = Slow()
    session.close()
    session.close()


def test_errors_of_the_sdk_that_nobody_named_are_not_hidden() -> None:
    from providers.aws.client.errors import classify

    assert classify(BotoCoreError(), proven_elsewhere=True) is None
    assert REGIONS.permissions == ("ec2:DescribeRegions",)
