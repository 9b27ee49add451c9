"""What each AWS protocol answers when it says no: the real codes, statuses and bodies.

Every protocol writes errors in its own way, and for one and the same trouble the services use different codes:
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (S3),
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (EC2),
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html (query and JSON services).
"""

import json
from xml.sax.saxutils import escape

import msgspec

from providers.aws.emulator.wire import Operation
from providers.emulation.request import Answer

# Fixed, so that the same question has the same answer to the byte.
_REQUEST_ID = "0f0e0d0c-0b0a-4908-8706-050403020100"


class Refusal(msgspec.Struct, frozen=True):
    """An error as AWS words it: HTTP status, code and message, and headers that belong to it."""

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()


class Refused(Exception):
    """Raised by a repair whose true answer is an error; the emulator writes it in the operation's protocol."""

    def __init__(self, status: int, code: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.refusal = Refusal(status, code, message, headers)


def write_refusal(operation: Operation, refusal: Refusal) -> Answer:
    """Write an error in the operation's own protocol."""
    code, message = escape(refusal.code), escape(refusal.message)
    match (operation.service, operation.protocol):
        case ("s3", _):
            body = f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{_REQUEST_ID}</RequestId></Error>"
        case (_, "ec2"):
            body = (
                f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
                f"<RequestID>{_REQUEST_ID}</RequestID></Response>"
            )
        case (_, "query" | "rest-xml"):
            body = (
                f"<ErrorResponse><Error><Type>{_blame(refusal)}</Type><Code>{code}</Code>"
                f"<Message>{message}</Message></Error><RequestId>{_REQUEST_ID}</RequestId></ErrorResponse>"
            )
        case (_, "rest-json"):
            headers = (("x-amzn-ErrorType", refusal.code),)
            return Answer(
                refusal.status, "application/json", json.dumps({"message": refusal.message}).encode(), headers
            )
        case _:
            text = json.dumps({"__type": refusal.code, "Message": refusal.message})
            return Answer(refusal.status, "application/x-amz-json-1.1", text.encode())
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return Answer(refusal.status, "application/xml", (declaration + body).encode(), refusal.headers)


def _blame(refusal: Refusal) -> str:
    return "Receiver" if refusal.status >= 500 else "Sender"


def denied(operation: Operation, caller: str) -> Refusal:
    """The caller's policies do not allow the operation."""
    action = f"{operation.service.removesuffix('control')}:{operation.name}"
    message = f"User: {caller} is not authorized to perform: {action} because no identity-based policy allows it"
    match operation.protocol:
        case "ec2":
            return Refusal(403, "UnauthorizedOperation", f"You are not authorized to perform this operation. {message}")
        case "json":
            return Refusal(400, "AccessDeniedException", message)
        case "rest-json":
            return Refusal(403, "AccessDeniedException", message)
        case _:
            return Refusal(403, "AccessDenied", message)


def throttled(operation: Operation) -> Refusal:
    """Too many requests for the service's liking."""
    match (operation.service, operation.protocol):
        case ("s3" | "s3control", _):
            return Refusal(503, "SlowDown", "Please reduce your request rate.")
        case (_, "ec2"):
            return Refusal(503, "RequestLimitExceeded", "Request limit exceeded.")
        case (_, "query"):
            return Refusal(400, "Throttling", "Rate exceeded")
        case (_, "json"):
            return Refusal(400, "ThrottlingException", "Rate exceeded")
        case _:
            return Refusal(429, "TooManyRequestsException", "Rate exceeded")


def failed(operation: Operation) -> Refusal:
    """The service itself has failed."""
    match (operation.service, operation.protocol):
        case ("s3" | "s3control", _) | (_, "ec2"):
            return Refusal(500, "InternalError", "We encountered an internal error. Please try again.")
        case (_, "query"):
            return Refusal(500, "ServiceFailure", "The request processing has failed because of an unknown error.")
        case _:
            return Refusal(500, "InternalServerException", "The service could not process the request.")


def expired(operation: Operation) -> Refusal:
    """The session's token is too old."""
    match (operation.service, operation.protocol):
        case ("s3" | "s3control", _):
            return Refusal(400, "ExpiredToken", "The provided token has expired.")
        case (_, "ec2"):
            return Refusal(400, "RequestExpired", "Request has expired.")
        case (_, "query"):
            return Refusal(403, "ExpiredToken", "The security token included in the request is expired")
        case (_, "json"):
            return Refusal(400, "ExpiredTokenException", "The security token included in the request is expired")
        case _:
            return Refusal(403, "ExpiredTokenException", "The security token included in the request is expired")


def region_off(operation: Operation) -> Refusal:
    """The account has not opted in to the region, so that region does not know its credentials.

    https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html: IAM data is not sent to a
    region before it is enabled, which is why the answers speak of tokens rather than of regions.
    """
    message = "The security token included in the request is invalid."
    match (operation.service, operation.protocol):
        case ("s3" | "s3control", _):
            return Refusal(
                403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."
            )
        case (_, "ec2"):
            return Refusal(401, "AuthFailure", "AWS was not able to validate the provided access credentials")
        case (_, "query"):
            return Refusal(403, "InvalidClientTokenId", message)
        case (_, "json"):
            return Refusal(400, "UnrecognizedClientException", message)
        case _:
            return Refusal(403, "UnrecognizedClientException", message)


def unsupported(operation: Operation) -> Refusal:
    """The region's service does not do this: a failure that no second try mends."""
    message = "The requested operation is not supported in this Region."
    match (operation.service, operation.protocol):
        case ("s3" | "s3control", _):
            return Refusal(400, "InvalidRequest", message)
        case (_, "ec2"):
            return Refusal(400, "UnsupportedOperation", message)
        case (_, "query"):
            return Refusal(400, "InvalidAction", message)
        case _:
            return Refusal(400, "UnsupportedOperationException", message)


def not_implemented(operation: Operation, detail: str) -> Refusal:
    """The emulator cannot answer; no service of AWS has this code, so nobody can take it for a real answer."""
    return Refusal(501, "EmulatorNotImplemented", f"{operation.id} in {operation.region}: {detail}")
