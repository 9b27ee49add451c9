"""Lambda, as the estate has it. Moto is not asked: it takes long to load, and knows no way of updating runtimes."""

from providers.aws.emulator import estate_software as estate
from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation


def list_functions(account: Account, operation: Operation) -> Members:
    """Functions in pages of at most 50, whatever is asked for.

    https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
    """
    here = [item for item in account.estate.functions if item.region == operation.region]
    chosen, following = page(operation, here, limit="MaxItems", token="Marker", most=10000, default=50, cap=50)
    told: Members = {"Functions": [_function(account, item) for item in chosen]}
    return told | ({"NextMarker": following} if following else {})


def get_runtime_management_config(account: Account, operation: Operation) -> Members:
    """When a function's runtime is updated; an image has none.

    https://docs.aws.amazon.com/lambda/latest/api/API_GetRuntimeManagementConfig.html
    """
    name = operation.parameters["FunctionName"]
    for item in account.estate.functions:
        if (item.name, item.region) == (name, operation.region):
            if item.runtime is None:
                raise Refused(400, "InvalidParameterValueException", "The function has no managed runtime.")
            return {"UpdateRuntimeOn": item.updates, "FunctionArn": _arn(account, item)}
    raise Refused(404, "ResourceNotFoundException", f"Function not found: {name}")


def _arn(account: Account, item: estate.Function) -> str:
    return f"arn:aws:lambda:{item.region}:{account.number}:function:{item.name}"


def _function(account: Account, item: estate.Function) -> Members:
    """https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html."""
    return {
        "FunctionName": item.name,
        "FunctionArn": _arn(account, item),
        "Role": f"arn:aws:iam::{account.number}:role/lambda-{item.name}",
        "PackageType": "Zip" if item.runtime else "Image",
        "Version": "$LATEST",
        "Timeout": 3,
        "MemorySize": 128,
        "LastModified": account.days_ago(100).strftime("%Y-%m-%dT%H:%M:%S.000+0000"),
    } | ({"Runtime": item.runtime, "Handler": "main.handler"} if item.runtime else {})
