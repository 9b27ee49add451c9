"""One emulator's own share of moto, whose state belongs to the whole process.

Moto keeps every account in module-level dictionaries, and bucket names in one more. Two emulators that hold the same
account number (the demo's, for instance) would meet there. So each emulator has a world: what moto knows while that
emulator asks. It is put in place under one lock for the length of a question and taken out again.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from moto.cloudtrail.models import CloudTrailBackend, cloudtrail_backends
from moto.core.base_backend import BackendDict
from moto.iam.models import IAMBackend, iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import S3Backend, s3_backends
from moto.s3control.models import S3ControlBackend, s3control_backends

from providers.emulation.request import Answer, Request

# Guards moto's dictionaries, which are the process's, hence one lock for the process.
_MOTO = threading.RLock()


class NoSuchService(Exception):
    """Moto has no application for the service that was asked."""


class World:
    """Moto's state for one account of one emulator."""

    def __init__(self, account: str) -> None:
        self.account = account
        self._accounts: list[tuple[BackendDict[Any], dict[str, Any]]] = []
        self._bucket_accounts: dict[str, tuple[str, str]] = {}

    @property
    def iam(self) -> IAMBackend:
        """Moto's IAM of this account; inside `entered` only, as all of these."""
        return iam_backends[self.account]["aws"]

    @property
    def s3(self) -> S3Backend:
        """Moto's buckets of this account, whatever their region."""
        return s3_backends[self.account]["aws"]

    @property
    def s3control(self) -> S3ControlBackend:
        """Moto's access points and the account's public access block."""
        return s3control_backends[self.account]["aws"]

    def cloudtrail(self, region: str) -> CloudTrailBackend:
        """Moto's trails whose home is a region."""
        return cloudtrail_backends[self.account][region]

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Hold moto's state as this world left it; what others have put there is away meanwhile."""
        with _MOTO:
            outside = _accounts()
            outside_buckets = s3_backends.bucket_accounts
            _put(outside, empty=True)
            _put(self._accounts)
            s3_backends.bucket_accounts = self._bucket_accounts
            try:
                yield
            finally:
                self._accounts = _accounts()
                _put(self._accounts, empty=True)
                _put(outside)
                s3_backends.bucket_accounts = outside_buckets

    def ask(self, request: Request) -> Answer:
        """Let moto answer; NoSuchService, NotImplementedError and whatever moto stumbles over are the caller's."""
        environ = self._environ(request)
        host = _dispatcher().infer_service_region_host(environ, request.path) or ""
        if not _served(host):
            raise NoSuchService(f"moto serves no {host or 'such service'}")
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> None:
            started.append((status, headers))

        body = b"".join(_dispatcher()(environ, start))
        status, headers = started[0]
        by_name = {name.lower(): value for name, value in headers}
        kept = tuple((name, value) for name, value in headers if name.lower().startswith(("x-amz", "etag", "location")))
        return Answer(int(status.split()[0]), by_name.get("content-type", "application/xml"), body, kept)

    def _environ(self, request: Request) -> dict[str, Any]:
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
        return environ | {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": request.path,
            "QUERY_STRING": request.query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_X_MOTO_ACCOUNT_ID": self.account,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


def _accounts() -> list[tuple[BackendDict[Any], dict[str, Any]]]:
    """Every service that moto has something of, with the accounts in it."""
    services: list[BackendDict[Any]] = vars(BackendDict)["_instances"]
    return [(backends, dict(backends)) for backends in services]


def _put(accounts: list[tuple[BackendDict[Any], dict[str, Any]]], *, empty: bool = False) -> None:
    for backends, content in accounts:
        backends.clear()
        if not empty:
            backends.update(content)


@cache
def _dispatcher() -> DomainDispatcherApplication:
    return DomainDispatcherApplication(create_backend_app)


@cache
def _served(host: str) -> bool:
    """True when moto knows the host; asked first because moto prints to stdout about those that it does not."""
    by_pattern = any(pattern.match(f"http://{host}") for _, pattern in _dispatcher().backend_url_patterns)
    return by_pattern or host in ("s3control", "sesv2", "dynamodb", "dynamodbstreams")
