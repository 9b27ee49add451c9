"""Elasticsearch and OpenSearch, by their bulk API.

Each event is created under its uid, so that one that comes twice is refused as being there, which is success. In a data
stream that holds for one backing index: what comes again after a rollover is there twice, with the same `_id`.
https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
https://docs.opensearch.org/latest/api-reference/document-apis/bulk/
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from urllib.parse import quote

import msgspec

from scanner.deliver.address import place_of
from scanner.deliver.body import NO_OBJECT, Told, one_line, told_by
from scanner.deliver.http import Answer, Client, Unanswered, header_of
from scanner.deliver.http_options import HttpOptions
from scanner.deliver.parts import MOST_ALONE, Parcel, Said, in_parts, said_by
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from scanner.jsonline import json_line

ITEMS = 2000
OCTETS = 5_000_000
"""The lower end of what both recommend; they refuse more than `http.max_content_length`, usually 100 MB.

https://www.elastic.co/docs/reference/elasticsearch/configuration-reference/networking-settings
"""
LARGEST = 4_000_000
AROUND = 300
"""Octets around an event: the line before it, with its uid, and a date."""
FILTER = "filter_path=errors,status,error.type,error.reason,items.*.status,items.*.error.type,items.*.error.reason"
"""What is asked for of the answer."""
THERE = "version_conflict_engine_exception"
BLOCKED = "cluster_block_exception"
"""Such as a full disk's; older versions and OpenSearch say 403, as if a right were missing."""
OF_THE_INDEX = frozenset({"index_not_found_exception", "index_closed_exception", "security_exception"})
STEPS = {
    401: ": check `api-key` or `password`",
    403: ": let the key or user create documents in the index",
    404: ": check `url`",
}

_INDEX = re.compile(r"(?![-_+])(?!\.\.?$)[^A-Z\\/*?\"<>| ,#:]{1,255}")
"""https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-indices-create"""


class ElasticOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A cluster, and where in it events go."""

    url: str
    """The cluster, such as https://elastic.example.com:9200."""
    index: str
    """The index or data stream, such as logs-ourside-default."""
    api_key: Secret | None = None
    """An API key: as it was shown encoded, or as id:key."""
    username: str | None = None
    """A user instead of a key."""
    password: Secret | None = None
    """The user's password."""
    pipeline: str | None = None
    """An ingest pipeline that events go through."""
    gzip: bool = True
    """Whether requests are compressed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_url(self.url)
        if not (_INDEX.fullmatch(self.index) and self.index.isascii() and self.index.isprintable()):
            raise ValueError(
                'index is no name of an index: it has no capitals, spaces or any of \\ / * ? " < > | , # :'
            )
        if self.api_key is not None and (self.username is not None or self.password is not None):
            raise ValueError("api-key stands beside username or password: give one of the two ways")
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together: give both, or an api-key")
        if self.username is not None and ":" in self.username:
            raise ValueError("username holds a colon, which no such user may have")


class _Error(msgspec.Struct, frozen=True):
    type: str = ""
    reason: str | None = None


class _Item(msgspec.Struct, frozen=True):
    status: int
    error: _Error | None = None


class _Reply(msgspec.Struct, frozen=True):
    items: list[dict[str, _Item]] | None = None
    """One member each, named by what was to be done."""
    error: _Error | str | None = None


class ElasticSink:
    """A cluster in use."""

    def __init__(self, options: ElasticOptions) -> None:
        secrets, header = _authorization(options)
        headers = {"Content-Type": "application/x-ndjson", **header}
        self._client = Client(place_of(options.url), options, headers, secrets)
        self._path = f"/{quote(options.index, safe='')}/_bulk"
        self._query = FILTER + (f"&pipeline={quote(options.pipeline, safe='')}" if options.pipeline else "")
        self._gzip = options.gzip

    def open(self) -> None:
        """Connect. Nothing is asked for, since a key may be good for writing alone."""
        self._client.open()

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send a batch, in one request or some."""
        told = [told_by(delivery.body) for delivery in batch]
        parcels = [
            Parcel(delivery.uid, _lines(delivery, says))
            for delivery, says in zip(batch, told, strict=True)
            if says is not None
        ]
        outcomes = iter(in_parts(parcels, OCTETS, ITEMS, 0, self._post))
        return [Outcome("refused", NO_OBJECT) if says is None else next(outcomes) for says in told]

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _post(self, parcels: Sequence[Parcel]) -> Said:
        body = b"".join(parcel.octets for parcel in parcels)
        answer = self._client.post(self._path, body, {}, query=self._query, zipped=self._gzip)
        if answer.status == 200 and not answer.whole:
            raise Unanswered("the answer is not whole")
        reply = _reply(answer)
        said = said_by(answer, self._words(answer, reply))
        if said is not SENT:
            return said
        items = [item for entry in reply.items or () for item in entry.values()]
        if reply.items is None:
            raise SinkError(
                f"{self._client.place.origin}: it does not answer as Elasticsearch or OpenSearch does: check `url`",
                lasting=True,
            )
        if len(items) != len(parcels):
            raise Unanswered(f"it says of {len(items)} events what became of them, of {len(parcels)}")
        self._check(items)
        outcomes = [self._outcome(item, answer) for item in items]
        if len(outcomes) >= MOST_ALONE and all(outcome.state == "refused" for outcome in outcomes):
            why = f"{self._client.place.origin}: every event is refused: {outcomes[0].why}"
            raise SinkError(f"{why}: check `index`, its mapping, and `pipeline`", lasting=True)
        return outcomes

    def _check(self, items: Sequence[_Item]) -> None:
        """SinkError where every event is refused for what none is to blame for."""
        error = items[0].error
        if error is not None and all(item.error and item.error.type in OF_THE_INDEX for item in items):
            raise SinkError(
                f"{self._client.place.origin}: {self._reason(error)}: check `index`, and that the key or user may "
                "create documents in it",
                lasting=True,
            )

    def _outcome(self, item: _Item, answer: Answer) -> Outcome:
        error = item.error or _Error()
        # https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk: `create` fails where it is there
        there = item.status == 409 and error.type in (THERE, "")
        if there or 200 <= item.status < 300:
            return SENT
        passes = item.status in (408, 409, 429) or item.status >= 500
        if passes or error.type == BLOCKED or error.type in OF_THE_INDEX:
            return Outcome("again", f"HTTP {item.status}: {self._reason(error)}", answer.after)
        return Outcome("refused", f"HTTP {item.status}: {self._reason(error)}")

    def _reason(self, error: _Error) -> str:
        return self._client.shown(": ".join(text for text in (error.type, error.reason) if text)) or "it says no more"

    def _words(self, answer: Answer, reply: _Reply) -> str:
        error = _Error(reason=reply.error) if isinstance(reply.error, str) else reply.error
        told = f": {self._reason(error)}" if error is not None else ""
        step = STEPS.get(answer.status, "")
        return f"{self._client.place.origin}: HTTP {answer.status}{told}{step}"


def _authorization(options: ElasticOptions) -> tuple[tuple[str, ...], dict[str, str]]:
    """What must not be shown, and the header."""
    if options.api_key is not None:
        key = header_of(options.api_key)
        # https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-security-create-api-key
        encoded = base64.b64encode(key.encode()).decode() if ":" in key else key
        return (key, *key.split(":"), encoded), {"Authorization": f"ApiKey {encoded}"}
    if options.username is not None and options.password is not None:
        password = options.password.read()
        encoded = base64.b64encode(f"{options.username}:{password}".encode()).decode()
        return (password, encoded), {"Authorization": f"Basic {encoded}"}
    return (), {}


def _lines(delivery: Delivery, told: Told) -> bytes:
    """What is to be done, and the event; with the date that data streams demand, where the event has none."""
    body = one_line(delivery.body).strip()
    if told.stamp is None and told.date is not None:
        rest = body[1:].lstrip()
        body = f'{{"@timestamp":"{told.date}"'.encode() + (b"" if rest == b"}" else b",") + rest
    return b"".join((json_line({"create": {"_id": delivery.uid}}).encode(), b"\n", body, b"\n"))


def _reply(answer: Answer) -> _Reply:
    try:
        return msgspec.json.decode(answer.body, type=_Reply)
    except (msgspec.DecodeError, RecursionError):
        return _Reply()


TYPE = SinkType(
    name="elastic",
    summary="Elasticsearch or OpenSearch, by the bulk API",
    options=ElasticOptions,
    make=ElasticSink,
    limits=Limits(ITEMS, OCTETS, LARGEST, AROUND),
    formats=("ecs", "ocsf", "json"),
    example="""\
url: https://elastic.example.com:9200
index: logs-ourside-default
api-key: {file: /run/secrets/elastic}
""",
    rights="`create_doc` on the index or data stream, and `auto_configure` where it is not there yet.",
)
