"""Every class of AWS that is listed, in the order of the report."""

from __future__ import annotations

from typing import Final

from providers.aws.account import AwsAccount
from providers.aws.cloudtrail import CloudTrailTrail
from providers.aws.ec2 import Ec2Instance
from providers.aws.ecs import EcsCluster, EcsService
from providers.aws.eks import EksCluster, EksNodeGroup
from providers.aws.elbv2 import ApplicationLoadBalancer
from providers.aws.iam import IamGroup, IamRole, IamUser, ManagedPolicy
from providers.aws.lambda_functions import LambdaFunction
from providers.aws.rds import RdsInstance
from providers.aws.rds_parameters import RdsParameterGroup
from providers.aws.s3 import S3AccessPoint, S3Bucket
from providers.aws.security_groups import PrefixList, SecurityGroup
from scanner.model import Resource

KINDS: Final[tuple[type[Resource], ...]] = (
    AwsAccount,
    S3Bucket,
    S3AccessPoint,
    IamUser,
    IamGroup,
    IamRole,
    ManagedPolicy,
    CloudTrailTrail,
    Ec2Instance,
    SecurityGroup,
    PrefixList,
    ApplicationLoadBalancer,
    RdsInstance,
    RdsParameterGroup,
    LambdaFunction,
    EcsCluster,
    EcsService,
    EksCluster,
    EksNodeGroup,
)
