"""CloudTrail's event history, which moto does not have."""

import json
import uuid

from providers.aws.emulator.account import Account
from providers.aws.emulator.estate_people import Event
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation

_DAYS = 90


def lookup_events(account: Account, operation: Operation) -> Members:
    """Events of a region in the last 90 days, the latest first; one attribute is looked up at most.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
    """
    asked = operation.parameters.get("LookupAttributes", "").split()
    if len(asked) > 1:
        raise Refused(400, "InvalidLookupAttributesException", "You can only specify one lookup attribute.")
    key, _, value = asked[0].partition("=") if asked else ("", "", "")
    if key not in ("", "ResourceName", "ReadOnly"):
        raise NotImplementedError(f"no lookup by {key}")
    found = [
        event
        for event in sorted(account.estate.events, key=lambda event: event.days_ago)
        if event.region == operation.region
        and event.days_ago <= _DAYS
        and (key != "ResourceName" or value in [text.partition(" ")[2] for text in event.resources])
        and (key != "ReadOnly" or value == _text(event.reads))
    ]
    chosen, following = page(operation, found, limit="MaxResults", token="NextToken", most=50, default=50)
    told: Members = {"Events": [_event(account, event) for event in chosen]}
    return told | ({"NextToken": following} if following else {})


def _event(account: Account, event: Event) -> Members:
    moment = account.days_ago(event.days_ago)
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{event.name} {event.days_ago} {event.resources}"))
    source = f"{event.source}.amazonaws.com"
    record = {
        "eventVersion": "1.11",
        "userIdentity": _who(account, event),
        "eventTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": source,
        "eventName": event.name,
        "awsRegion": event.region,
        "readOnly": event.reads,
        "eventID": identity,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account.number,
    } | ({"errorCode": event.error} if event.error else {})
    resources = [text.partition(" ") for text in event.resources]
    told: Members = {
        "EventId": identity,
        "EventName": event.name,
        "ReadOnly": _text(event.reads),
        "EventTime": moment,
        "EventSource": source,
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, _, name in resources],
        "CloudTrailEvent": json.dumps(record),
    }
    return told | ({"Username": event.by.rpartition("/")[2]} if event.by else {})


def _who(account: Account, event: Event) -> Members:
    if event.by is None:
        return {"type": "AWSService", "invokedBy": f"{event.source}.amazonaws.com"}
    kind, _, _ = event.by.partition("/")
    service = "sts" if kind == "assumed-role" else "iam"
    types = {"assumed-role": "AssumedRole", "root": "Root", "user": "IAMUser"}
    return {
        "type": types[kind],
        "arn": f"arn:aws:{service}::{account.number}:{event.by}",
        "accountId": account.number,
    }


def _text(flag: bool) -> str:
    return "true" if flag else "false"
