"""What resource control policies limit, as AWS lists it.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
"""

from __future__ import annotations

from typing import Final

READ_ON: Final = "2026-11-26"
"""When the list was taken from the page. A service that joins later is not limited here: its RCPs are not applied."""

_PREFIXES: Final = (
    "aoss appconfig appstream autoscaling autoscaling-plans budgets clouddirectory cloudfront cloudsearch "
    "cloudtrail-data codeartifact codebuild codecommit codepipeline cognito-identity cognito-idp comprehend "
    "comprehendmedical compute-optimizer cost-optimization-hub dax dsql dynamodb ecr ecr-public events "
    "firehose fis fms gamelift health inspector-scan kendra kinesisvideo kms logs memorydb networkmonitor "
    "notifications opensearch pca-connector-ad personalize polly pricing resource-groups rolesanywhere s3 "
    "secretsmanager servicediscovery signin sqs sts support swf textract timestream-influxdb transcribe "
    "transfer translate wafv2 workspaces xray"
)

SERVICES: Final = frozenset({*_PREFIXES.split(), "es"})
"""Prefixes of actions. The page writes `opensearch` for the service whose actions begin with `es`."""

EXEMPT_ACTIONS: Final = frozenset({"kms:retiregrant"})
"""In lower case."""


def limits(action: str) -> bool:
    """Whether RCPs bear on the action."""
    lowered = action.lower()
    return lowered.partition(":")[0] in SERVICES and lowered not in EXEMPT_ACTIONS
