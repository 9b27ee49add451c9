"""RDS: parameter groups, as far as they say whether connections without TLS are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from providers.aws.tags import DOC, by_name
from scanner.facts import Answer, Call, Fact
from scanner.model import Listing, Resource

GROUPS: Final = Call(
    "rds",
    "DescribeDBParameterGroups",
    {"MaxRecords": 100},
    "rds:DescribeDBParameterGroups",
    items="DBParameterGroups",
    regional=True,
)
TAGS: Final = Call(
    "rds", "ListTagsForResource", {"ResourceName": "{it.uid}"}, "rds:ListTagsForResource", items="TagList"
)

PLAIN_TEXT_REFUSED: Final[Mapping[str, str]] = {
    "postgres": "rds.force_ssl",
    "sqlserver": "rds.force_ssl",
    "mysql": "require_secure_transport",
    "mariadb": "require_secure_transport",
}
"""The parameter that refuses connections without TLS, by the beginning of the engine's name.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.Requiring.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mariadb-ssl-connections.require-ssl.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/SQLServer.Concepts.General.SSL.Using.html
"""
_WANTED: Final = frozenset(PLAIN_TEXT_REFUSED.values())
_MEANS: Final[Mapping[str, bool]] = {"1": True, "on": True, "0": False, "off": False}

PARAMETERS: Final = Call(
    "rds",
    "DescribeDBParameters",
    {"DBParameterGroupName": "{it.name}", "MaxRecords": 100},
    "rds:DescribeDBParameters",
    items="Parameters",
    gone=("DBParameterGroupNotFound",),
    enough=lambda page, _: any(one["ParameterName"] in _WANTED for one in page["Parameters"]),
)


def _tls_only(answer: Answer) -> bool | None:
    """What the one parameter of the group's engine says; a value that is not told is its engine's default."""
    told = [one.get("ParameterValue") for one in answer["Parameters"] if one["ParameterName"] in _WANTED]
    return _MEANS.get(str(told[0]).lower()) if told else None


class RdsParameterGroup(Resource, kind="parameter-group", type_id="aws.rds.parameter_group"):
    """A parameter group. It is read for the instances that it is in force for."""

    listed = Listing(uid="{DBParameterGroupArn}", name="{DBParameterGroupName}", call=GROUPS)
    tags = Fact[Mapping[str, str]](DOC).read(TAGS, lambda a: by_name(a["TagList"]))
    tls_only = Fact[bool | None]("Connections without TLS are refused; nothing where the group does not say so.").read(
        PARAMETERS, _tls_only
    )
