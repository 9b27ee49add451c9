"""Security Hub and STS over HTTP, with the limits and rules that AWS documents.

https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
https://docs.aws.amazon.com/securityhub/latest/partnerguide/guidelines-batchimportfindings.html
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

from tests.providers.aws.sinks.account import ACCOUNT
from tests.providers.aws.sinks.asff_schema import problems

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
LARGEST, LARGEST_BATCH, MOST = 240_000, 6_000_000, 100
THEIRS = ("Note", "UserDefinedFields", "VerificationState", "Workflow")
"""What an import neither changes nor takes away."""
Told = tuple[int, dict[str, Any]]


@dataclass
class Hubs:
    """The hubs of some accounts; `stored` by account, region and id."""

    own: str = ACCOUNT
    partition: str = "aws"
    enabled: set[tuple[str, str]] = field(default_factory=set)
    roles: dict[str, str | None] = field(default_factory=dict)
    """ARNs that may be taken on, and the external id that each demands."""
    stored: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    """Account, region and number of findings of each import."""
    taken_on: list[str] = field(default_factory=list)
    faults: list[Callable[[str, str], Told | None]] = field(default_factory=list)
    """Asked with account and region before each import, and taken out once they answer."""
    silent: set[str] = field(default_factory=set)
    """Regions that do not answer."""
    broken: set[str] = field(default_factory=set)
    """Regions that hang up instead of an answer."""
    dead: set[str] = field(default_factory=set)
    """Access keys that have expired."""
    keys: dict[str, str] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.keys["AKIDOWN"] = self.own
        hubs = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                found = CREDENTIAL.search(self.headers["Authorization"])
                assert found is not None, "the request is not signed"
                key, region, service = found.groups()
                if service == "sts":
                    status, text = hubs.sts(key, parse_qs(body.decode()))
                    kind, answer = "text/xml", text.encode()
                else:
                    assert (service, self.path) == ("securityhub", "/findings/import")
                    if region in hubs.silent:
                        hubs.ended.wait(20)
                    if region in hubs.silent | hubs.broken:
                        self.close_connection = True
                        return
                    status, told = hubs.answer(key, region, body)
                    kind, answer = "application/json", json.dumps(told).encode()
                    if "__type" in told:
                        self._error = told["__type"]
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if kind == "application/json" and status >= 400:
                    self.send_header("x-amzn-ErrorType", self._error)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    # --- STS --------------------------------------------------------------------------------------------------

    def sts(self, key: str, asked: dict[str, list[str]]) -> tuple[int, str]:
        if key in self.dead or key not in self.keys:
            return 403, _fault("ExpiredToken", "The security token included in the request is expired")
        if asked["Action"] == ["GetCallerIdentity"]:
            arn = f"arn:{self.partition}:sts::{self.keys[key]}:assumed-role/r/s"
            return 200, _result("GetCallerIdentity", f"<Account>{self.keys[key]}</Account><Arn>{arn}</Arn>")
        (role,) = asked["RoleArn"]
        if role not in self.roles or self.roles[role] != asked.get("ExternalId", [None])[0]:
            said = (
                f"User: arn:aws:sts::{self.own}:assumed-role/r/s is not authorized to perform: sts:AssumeRole on {role}"
            )
            return 403, _fault("AccessDenied", said)
        self.taken_on.append(role)
        given = f"ASIA{len(self.taken_on)}"
        self.keys[given] = role.split(":")[4]
        secrets = "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        inner = f"<AccessKeyId>{given}</AccessKeyId>{secrets}<Expiration>{expires}</Expiration>"
        return 200, _result("AssumeRole", f"<Credentials>{inner}</Credentials>")

    # --- Security Hub -----------------------------------------------------------------------------------------

    def answer(self, key: str, region: str, body: bytes) -> Told:
        account = self.keys.get(key, "")
        if key in self.dead or not account:
            return 403, {"__type": "ExpiredTokenException", "message": "The security token is expired"}
        for fault in list(self.faults):
            told = fault(account, region)
            if told is not None:
                self.faults.remove(fault)
                return told
        asked = json.loads(body)
        findings = asked["Findings"]
        self.requests.append((account, region, len(findings)))
        if not 1 <= len(findings) <= MOST:
            return 400, {
                "__type": "InvalidInputException",
                "Message": f"{len(findings)} findings",
                "Code": "InvalidInput",
            }
        if len(body) > LARGEST_BATCH:
            return 413, {"__type": "RequestEntityTooLarge", "Message": f"{len(body)} octets"}
        for finding in findings:
            product = finding.get("ProductArn", "").split(":")
            if finding.get("AwsAccountId") != account or product[3:5] != [region, account]:
                said = f"is not authorized to perform: securityhub:BatchImportFindings on resource: {':'.join(product)}"
                return 403, {"__type": "AccessDeniedException", "Message": f"User: arn:aws:sts::{account}:r/s {said}"}
        if (account, region) not in self.enabled:
            said = f"Account {account} is not subscribed to AWS Security Hub"
            return 401, {"__type": "InvalidAccessException", "Message": said}
        failed = [error for finding in findings if (error := self._take(account, region, finding))]
        return 200, {
            "FailedCount": len(failed),
            "SuccessCount": len(findings) - len(failed),
            "FailedFindings": failed,
        }

    def _take(self, account: str, region: str, finding: dict[str, Any]) -> dict[str, str] | None:
        found = problems(finding)
        if len(json.dumps(finding)) > LARGEST:
            found.append("larger than 240 KB")
        if found:
            said = f"Finding does not adhere to Amazon Finding Format. {found[0]}"
            return {"Id": finding["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": said}
        place = (account, region, finding["Id"])
        before = self.stored.get(place)
        if before is None:
            self.stored[place] = {**finding, "Workflow": {"Status": "NEW"}}
        elif before["UpdatedAt"] < finding["UpdatedAt"]:
            kept = {name: before[name] for name in THEIRS if name in before}
            revived = before["RecordState"] == "ARCHIVED" and finding["RecordState"] == "ACTIVE"
            if revived and kept["Workflow"]["Status"] in ("NOTIFIED", "RESOLVED"):
                kept["Workflow"] = {"Status": "NEW"}
            self.stored[place] = {**finding, **kept}
        return None


def _result(action: str, inner: str) -> str:
    namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
    return f"<{action}Response {namespace}><{action}Result>{inner}</{action}Result></{action}Response>"


def _fault(code: str, message: str) -> str:
    error = f"<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"
    return f"<ErrorResponse><Error>{error}</Error></ErrorResponse>"
