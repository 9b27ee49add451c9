"""Services that only take on a role which somebody of the role's own account passed to them.

iam:PassRole does not work across accounts, so other customers cannot make these services use the role.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from typing import Final

_NAMES: Final = """
    access-analyzer amplify apigateway application-autoscaling appsync athena autoscaling backup batch
    batchoperations.s3 bedrock build.apprunner chatbot cloudformation cloudtrail codebuild codedeploy
    codepipeline codestar-notifications cognito-idp config datapipeline datasync dax delivery.logs
    directconnect dlm dms ds ec2 ec2fleet ecs ecs-tasks edgelambda eks eks-fargate-pods elasticbeanstalk
    elasticmapreduce elastictranscoder emr-serverless events export.rds firehose fis forecast gamelift glue
    grafana greengrass guardduty imagebuilder inspector inspector2 iot kafkaconnect kendra kinesisanalytics
    lakeformation lambda lex lexv2 logs mediaconvert medialive monitoring.rds ops.apigateway opsworks osis
    pipes pods.eks quicksight rds redshift redshift-serverless rolesanywhere s3 sagemaker scheduler
    securityhub servicecatalog ses sns spotfleet ssm ssm-incidents ssm-contacts states storagegateway
    streams.metrics.cloudwatch support synthetics tasks.apprunner textract timestream transcribe transfer vmie
    vpc-flow-logs workspaces
"""
PASSED: Final = frozenset(f"{name}.amazonaws.com" for name in _NAMES.split())


def is_passed(service: str, role_arn: str) -> bool:
    """Whether the service takes on the role only for the role's own account. Service-linked roles are always so."""
    return service.removesuffix(".cn") in PASSED or ":role/aws-service-role/" in role_arn
