"""AWS policy documents: what they say, what they let outsiders do, and what they add up to. Pure functions."""

from providers.aws.policy.acl import Grant, acl_outsiders
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.keys import Owner, ResourceContext
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy, Statement
from providers.aws.policy.outsiders import Allowed, Outside, Undecided, outsiders
from providers.aws.policy.powers import Answer, Powers, powers
from providers.aws.policy.s3_status import policy_status_public
from providers.aws.policy.transport import MinimumTls, TlsAnswer, minimum_tls, tls_only
from providers.aws.policy.trust import Trust, external_trust
from providers.aws.policy.verbs import ROLE_TRUST, S3_ACCESS_POINT, S3_BUCKET, VerbTable
from providers.aws.policy.witnesses import Witness

__all__ = [
    "ROLE_TRUST",
    "S3_ACCESS_POINT",
    "S3_BUCKET",
    "Allowed",
    "Answer",
    "Caller",
    "Grant",
    "Malformed",
    "MinimumTls",
    "Outside",
    "Owner",
    "Policy",
    "Powers",
    "Request",
    "ResourceContext",
    "Statement",
    "TlsAnswer",
    "Trust",
    "Undecided",
    "VerbTable",
    "Witness",
    "acl_outsiders",
    "decide",
    "external_trust",
    "minimum_tls",
    "outsiders",
    "parse",
    "policy_status_public",
    "powers",
    "tls_only",
]
