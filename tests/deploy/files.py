"""The files for runners, and the command lines in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDER = DOCS / "schedule"
CONFIG = "/etc/ourside/config.yaml"
STATE = "/var/lib/ourside"


class Template(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation's functions."""


def _function(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value = node.value
    return {name: value.split(".") if name == "GetAtt" else value}


Template.add_multi_constructor("!", _function)


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def documents(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(read(name)))


def template() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(read("ecs.yaml"), Template)  # a SafeLoader
    return found


def unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit; one that stands several times has several values."""
    found: dict[str, list[str]] = {}
    for line in read(name).splitlines():
        if line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def jobs() -> list[tuple[str, str, str]]:
    """Schedule, user and command of each line of the crontab."""
    lines = [line for line in read("crontab").splitlines() if line and not line.startswith("#")]
    parts = [line.split(None, 6) for line in lines if not re.match(r"[A-Z_]+=", line)]
    return [(" ".join(part[:5]), part[5], part[6]) for part in parts]


def pods() -> list[dict[str, Any]]:
    """The pods of the Kubernetes jobs."""
    return [
        document["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        for document in documents("cronjob.yaml")
        if document["kind"] == "CronJob"
    ]


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = documents("github-actions.yml")[0]["jobs"]["scan"]["steps"]
    return found


def tasks() -> list[dict[str, Any]]:
    """The containers of the ECS tasks."""
    resources = template()["Resources"].values()
    return [
        container
        for resource in resources
        if resource["Type"] == "AWS::ECS::TaskDefinition"
        for container in resource["Properties"]["ContainerDefinitions"]
    ]


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Every command line of ours in the files and pages, with where it stands."""
    for _, _, command in jobs():
        yield "crontab", shlex.split(command.rpartition("&&")[2])
    for path in sorted(FOLDER.glob("*.service")):
        yield path.name, shlex.split(unit(path.name)["ExecStart"][0])
    for pod in pods():
        yield "cronjob.yaml", ["ourside", *pod["containers"][0]["args"]]
    for task in tasks():
        yield "ecs.yaml", ["ourside", *map(str, task["Command"])]
    for step in steps():
        words = shlex.split(step.get("run", ""))
        if words and words[0] in ("scan", "ourside"):
            yield "github-actions.yml", words
    for page in ("schedule.md", "config.md"):
        for line in re.findall(r"^\$ (.*)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE):
            yield page, shlex.split(line, comments=True)
