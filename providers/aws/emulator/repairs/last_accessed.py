"""IAM's service last accessed data, which moto does not have."""

import json
import uuid
from collections.abc import Iterator
from datetime import datetime

from moto.iam.models import Role, User

from providers.aws.emulator.account import AccessReport, Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation

# What `*` allows: AWS would list every service that it has, here a few stand for all.
_EVERY_SERVICE = (
    *("athena", "autoscaling", "cloudformation", "cloudtrail", "cloudwatch", "dynamodb", "ec2", "ecs", "eks"),
    *("elasticloadbalancing", "iam", "kms", "lambda", "logs", "rds", "route53", "s3", "secretsmanager", "sns", "sqs"),
    *("ssm", "sts"),
)


def generate_service_last_accessed_details(account: Account, operation: Operation) -> Members:
    """A job, a new one each time; only those for users and roles are made here.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
    """
    arn = operation.parameters["Arn"]
    if not arn.startswith((f"arn:aws:iam::{account.number}:user/", f"arn:aws:iam::{account.number}:role/")):
        raise NotImplementedError(f"no report on {arn}")
    _principal(account, arn)
    earlier = sum(report.arn == arn for report in account.access_reports.values())
    job = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{arn}#{earlier}"))
    account.access_reports[job] = AccessReport(arn)
    return {"JobId": job}


def get_service_last_accessed_details(account: Account, operation: Operation) -> Members:
    """IN_PROGRESS at first, then the services that the principal's own policies allow, sorted, in pages.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html: MaxItems is 1 to 1,000
    and 100 if not given; a service that was never used is listed without details of its use; boundaries and
    organisation policies do not count. The services' names in prose are not AWS's here.
    """
    report = account.access_reports.get(operation.parameters["JobId"])
    if report is None:
        raise Refused(404, "NoSuchEntity", "No job was found for the given id.")
    members: Members = {"JobType": "SERVICE_LEVEL", "JobCreationDate": account.born}
    if not report.ready:
        report.ready = True
        return members | {"JobStatus": "IN_PROGRESS", "ServicesLastAccessed": [], "IsTruncated": False}
    principal = _principal(account, report.arn)
    used = _used(account, principal)
    listed = [_service(principal, name, used.get(name)) for name in sorted(_allowed(account, principal))]
    chosen, following = page(operation, listed, limit="MaxItems", token="Marker", most=1000, default=100)
    members |= {"JobStatus": "COMPLETED", "JobCompletionDate": account.born, "ServicesLastAccessed": list(chosen)}
    return members | {"IsTruncated": following is not None} | ({"Marker": following} if following else {})


def _principal(account: Account, arn: str) -> User | Role:
    iam = account.world.iam
    principals: list[User | Role] = [*iam.users.values(), *iam.roles.values()]
    for principal in principals:
        if principal.arn == arn:
            return principal
    raise Refused(404, "NoSuchEntity", f"ARN {arn} does not exist.")


def _service(principal: User | Role, name: str, used: datetime | None) -> Members:
    service: Members = {"ServiceName": name, "ServiceNamespace": name, "TotalAuthenticatedEntities": 0}
    if used is None:
        return service
    return service | {
        "LastAuthenticated": used,
        "LastAuthenticatedEntity": principal.arn,
        "LastAuthenticatedRegion": "us-east-1",
        "TotalAuthenticatedEntities": 1,
    }


def _used(account: Account, principal: User | Role) -> dict[str, datetime]:
    """When it last used what, by the estate; a key that was used has used its service."""
    used: dict[str, datetime] = {}
    for item in account.estate.users if isinstance(principal, User) else account.estate.roles:
        if item.name == principal.name:
            used |= {name: account.days_ago(days) for name, days in item.services_used.items()}
    for key in principal.access_keys if isinstance(principal, User) else ():
        if key.last_used is not None:
            service, moment = key.last_used.service, key.last_used.timestamp
            used[service] = max(moment, used.get(service, moment))
    return used


def _allowed(account: Account, principal: User | Role) -> set[str]:
    """The services of all actions that its policies allow somewhere, before any Deny is taken off."""
    holders = [
        principal,
        *(account.world.iam.get_groups_for_user(principal.name) if isinstance(principal, User) else ()),
    ]
    documents = [text for holder in holders for text in holder.policies.values()]
    policies = [policy for holder in holders for policy in holder.managed_policies.values()]
    documents += [version.document for policy in policies for version in policy.versions if version.is_default]
    return {service for document in documents for service in _services(document)}


def _services(document: str) -> Iterator[str]:
    statements = json.loads(document)["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        if statement["Effect"] != "Allow":
            continue
        actions = statement.get("Action", "*")
        for action in [actions] if isinstance(actions, str) else actions:
            service = action.partition(":")[0].lower()
            yield from _EVERY_SERVICE if "*" in service or "?" in service else (service,)
