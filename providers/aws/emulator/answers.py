"""One question, one answer: by a repair, by moto, or by moto with a repair on top."""

import dataclasses
from http import HTTPStatus

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import read_members, write_members
from providers.aws.emulator.refusals import Refused, write_refusal
from providers.aws.emulator.repairs.buckets import check_region, settle_new_bucket
from providers.aws.emulator.repairs.table import REPAIRS, revision
from providers.aws.emulator.wire import Operation
from providers.emulation.request import Answer, Request

_PAGES = (b"<!doctype html", b"<html")
_LISTS_OF_OBJECTS = ("ListObjects", "ListObjectsV2")


class NoAnswer(Exception):
    """Moto has answered with something that is no answer to this operation."""


def answer(account: Account, request: Request, operation: Operation) -> Answer:
    """Answer as AWS would; NoAnswer, or whatever moto stumbles over, when that cannot be done."""
    with account.world.entered():
        try:
            return _answer(account, request, operation)
        except Refused as refused:
            return write_refusal(operation, refused.refusal)


def _answer(account: Account, request: Request, operation: Operation) -> Answer:
    if operation.service == "s3":
        check_region(account, operation)
    repair = REPAIRS.get(operation.id)
    if repair is not None:
        return write_members(operation, repair(account, operation))
    told = _checked(operation, account.world.ask(request))
    if operation.id == "s3:CreateBucket":
        settle_new_bucket(account, operation)
    revise = revision(operation)
    if revise is None or told.status != 200:
        return told
    return write_members(operation, revise(account, operation, read_members(operation, told)))


def _checked(operation: Operation, told: Answer) -> Answer:
    """Moto's answer, unless it is one of its ways of not knowing an operation.

    Those are a page in HTML, a 501, and a list of objects for a bucket's subresource. Most of its JSON goes out under
    the name of HTML, too, and gets its own name here.
    """
    if told.status == HTTPStatus.NOT_IMPLEMENTED or told.body[:15].lower().startswith(_PAGES):
        raise NoAnswer(f"moto has no such operation (status {told.status})")
    if b"<ListBucketResult" in told.body[:200] and operation.name not in _LISTS_OF_OBJECTS:
        raise NoAnswer("moto takes it for a list of objects")
    if told.content_type.startswith("text/html"):
        kind = "application/x-amz-json-1.1" if operation.protocol == "json" else "application/json"
        return dataclasses.replace(told, content_type="application/xml" if told.body.startswith(b"<") else kind)
    return told
