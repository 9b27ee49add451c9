"""RDS, as the estate has it. Moto is not asked: it takes long to load, and knows no RDS Custom."""

from moto.kms.utils import RESERVED_ALIASE_TARGET_KEY_IDS

from providers.aws.emulator import estate_software as estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation


def describe_db_instances(account: Account, operation: Operation) -> Members:
    """Instances in pages.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
    """
    here = [item for item in account.estate.databases if item.region == operation.region]
    chosen, following = page(operation, here, limit="MaxRecords", token="Marker", most=100, default=100)
    return {"DBInstances": [_instance(account, item) for item in chosen]} | ({"Marker": following} if following else {})


def describe_db_parameter_groups(account: Account, operation: Operation) -> Members:
    """Parameter groups in pages.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameterGroups.html
    """
    names = list(_groups(account, operation))
    chosen, following = page(operation, names, limit="MaxRecords", token="Marker", most=100, default=100)
    groups = [
        {
            "DBParameterGroupName": name,
            "DBParameterGroupFamily": name.partition("-")[2],
            "Description": name,
            "DBParameterGroupArn": f"arn:aws:rds:{operation.region}:{account.number}:pg:{name}",
        }
        for name in chosen
    ]
    return {"DBParameterGroups": groups} | ({"Marker": following} if following else {})


def describe_db_parameters(account: Account, operation: Operation) -> Members:
    """The parameters of a group in pages, hundreds of them in the order of their names.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameters.html
    """
    item = _groups(account, operation).get(operation.parameters["DBParameterGroupName"])
    if item is None:
        raise Refused(404, "DBParameterGroupNotFound", "DBParameterGroup not found.")
    secure = "require_secure_transport" if item.engine.startswith(("mysql", "maria")) else "rds.force_ssl"
    value = {} if item.tls_only is None else {"ParameterValue": "1" if item.tls_only else "0"}
    parameters: list[Members] = [{"ParameterName": f"{letter}_{number}"} for letter in "amz" for number in range(60)]
    parameters.append({"ParameterName": secure} | value)
    parameters.sort(key=lambda one: str(one["ParameterName"]))
    chosen, following = page(operation, parameters, limit="MaxRecords", token="Marker", most=100, default=100)
    return {"Parameters": list(chosen)} | ({"Marker": following} if following else {})


def _groups(account: Account, operation: Operation) -> dict[str, estate.Database]:
    """By name, one of the databases that each is in force for."""
    return {_group(item): item for item in account.estate.databases if item.region == operation.region}


def _group(item: estate.Database) -> str:
    family = f"{item.engine}{item.version.partition('.')[0]}"
    return f"default.{family}" if item.tls_only is None else f"{'tls' if item.tls_only else 'plain'}-{family}"


def _key_arn(account: Account, item: estate.Database) -> str | None:
    """The key of its storage: one of the estate's, or one that AWS manages in the region."""
    if item.key is None or item.key == "owned":
        return None
    if not item.key.startswith("aws/"):
        return account.key_arn(item.key)
    identity = RESERVED_ALIASE_TARGET_KEY_IDS[f"alias/{item.key}"]
    return f"arn:aws:kms:{item.region}:{account.number}:key/{identity}"


def _instance(account: Account, item: estate.Database) -> Members:
    """What is not set is left out: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html."""
    replicas = [other.name for other in account.estate.databases if other.replica_of == item.name]
    optional = {
        "ReadReplicaSourceDBInstanceIdentifier": item.replica_of,
        "DBClusterIdentifier": item.cluster,
        "KmsKeyId": _key_arn(account, item),
    }
    return {
        "DBInstanceIdentifier": item.name,
        "DBInstanceArn": f"arn:aws:rds:{item.region}:{account.number}:db:{item.name}",
        "DBInstanceClass": "db.t4g.medium",
        "DBInstanceStatus": "available",
        "Engine": item.engine,
        "EngineVersion": item.version,
        "MasterUsername": "dba",
        "AllocatedStorage": 100,
        "InstanceCreateTime": account.days_ago(300),
        "BackupRetentionPeriod": item.backup_days,
        "AutoMinorVersionUpgrade": item.minor_upgrades,
        "ReadReplicaDBInstanceIdentifiers": replicas,
        "MultiAZ": False,
        "PubliclyAccessible": item.public,
        "StorageEncrypted": item.key is not None,
        "StorageEncryptionType": {None: "none", "owned": "sse-rds"}.get(item.key, "sse-kms"),
        "DBParameterGroups": [{"DBParameterGroupName": _group(item), "ParameterApplyStatus": "in-sync"}],
        "IAMDatabaseAuthenticationEnabled": item.iam_login,
        "DeletionProtection": item.protected,
        "TagList": [{"Key": name, "Value": value} for name, value in item.tags.items()],
    } | {name: value for name, value in optional.items() if value}
