"""Service last accessed data: the services that a principal's policies allow, and when each was last used.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
"""

from __future__ import annotations

from scanner.facts import Answer, Call
from scanner.kinds import ServiceUse


def last_accessed() -> Call:
    """The report on one principal: two calls, of which the second is asked again until the report is there.

    One for each kind, not one for all: an answer that a single kind reads is let go as soon as it was read.
    """
    generate = Call(
        "iam",
        "GenerateServiceLastAccessedDetails",
        {"Arn": "{it.uid}"},
        needs="iam:GenerateServiceLastAccessedDetails",
    )
    return Call(
        "iam",
        "GetServiceLastAccessedDetails",
        {"JobId": "{earlier[JobId]}", "MaxItems": 1000},
        needs="iam:GetServiceLastAccessedDetails",
        until=lambda answer: answer["JobStatus"] != "IN_PROGRESS",
        after=generate,
    )


def services(answer: Answer) -> tuple[ServiceUse, ...]:
    """Its services. One that was not used in at least 400 days is listed without a time.

    Raises ValueError for a report that failed.
    """
    if answer["JobStatus"] != "COMPLETED":
        error = answer.get("Error", {})
        raise ValueError(f"the report is {answer['JobStatus']}: {error.get('Code')} {error.get('Message')}")
    return tuple(
        ServiceUse(entry["ServiceNamespace"], entry.get("LastAuthenticated"))
        for entry in answer["ServicesLastAccessed"]
    )
