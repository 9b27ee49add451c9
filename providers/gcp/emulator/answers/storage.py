"""Buckets and their access control lists. https://cloud.google.com/storage/docs/json_api/v1/buckets"""

from __future__ import annotations

from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.answers.lists import Answerer
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.refusals import Refused

_ONLY_FULL = ("acl", "defaultObjectAcl", "owner")


def bucket(asked: Asked, body: Body) -> Body:
    """A bucket; its lists are shown only to those who ask for all of it."""
    if asked.query.get("projection") == "full":
        return body
    return {key: value for key, value in body.items() if key not in _ONLY_FULL}


def access_controls(member: str, kind: str) -> Answerer:
    """A list of a bucket, which a bucket with uniform access has not.

    https://cloud.google.com/storage/docs/uniform-bucket-level-access
    """

    def answer(asked: Asked) -> Body:
        body = asked.resource("storage.buckets", asked.relative.rpartition("/")[0]).body
        uniform = body.get("iamConfiguration", {}).get("uniformBucketLevelAccess", {}).get("enabled")
        if uniform:
            message = "Cannot get legacy ACL for a bucket that has uniform bucket-level access. Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access"
            raise Refused(refusals.invalid("storage", message))
        return {"kind": kind, "items": body[member]} if body.get(member) else {"kind": kind}

    return answer
