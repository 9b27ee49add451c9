"""The image, and the jobs of Kubernetes and ECS that run it: with as little right as they need."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.files import FOLDER, documents, pods, read, tasks, template

ROOT = Path(__file__).resolve().parents[2]


def instructions() -> list[tuple[str, str]]:
    text = "\n".join(line for line in read("Containerfile").splitlines() if not line.lstrip().startswith("#"))
    lines = text.replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def stage() -> list[tuple[str, str]]:
    """The instructions of the last stage."""
    told = instructions()
    last = max(number for number, (word, _) in enumerate(told) if word == "FROM")
    return told[last:]


def test_the_image_runs_as_nobody_in_particular() -> None:
    told = stage()
    words = [word for word, _ in told]
    (user,) = (rest for word, rest in told if word == "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert words.index("USER") > max(number for number, word in enumerate(words) if word in ("RUN", "COPY"))
    assert ("ENTRYPOINT", '["ourside"]') in told and ("HEALTHCHECK", "NONE") in told
    # An empty volume is given to the owner of the folder that the image names.
    assert ("VOLUME", '["/tmp", "/var/lib/ourside"]') in told


def test_the_image_has_what_it_runs_and_no_more() -> None:
    told = instructions()
    froms = [rest for word, rest in told if word == "FROM"]
    assert len(froms) == 2 and froms[0].endswith(" AS build")
    for image in froms:
        assert re.search(r":\d+\.\d+-slim-[a-z]+", image) and "latest" not in image
    assert not {word for word, _ in told} & {"ADD", "ARG", "MAINTAINER", "ONBUILD"}
    assert [rest for word, rest in stage() if word == "COPY"] == ["--from=build /opt/ourside /opt/ourside"]
    (install,) = (rest for word, rest in told if word == "RUN" and "pip install" in rest)
    (extras,) = re.findall(r'"\.\[([a-z,]+)\]"', install)
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(extras.split(",")) <= known.keys() - {"dev", "demo", "services"}
    assert "compileall" in install and "--no-cache-dir" in install
    for word, rest in told:
        if word == "COPY" and not rest.startswith("--from"):
            assert all((ROOT / source).exists() for source in rest.split()[:-1]), rest
        assert word != "ENV" or not re.search(r"TOKEN|PASSWORD|SECRET|KEY", rest)


FIELDS: Mapping[str, str] = {
    # From the API's reference: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
    "CronJob": "apiVersion kind metadata spec",
    "CronJob.spec": "schedule timeZone concurrencyPolicy startingDeadlineSeconds suspend jobTemplate "
    "successfulJobsHistoryLimit failedJobsHistoryLimit",
    "CronJob.spec.jobTemplate": "metadata spec",
    "CronJob.spec.jobTemplate.spec": "backoffLimit activeDeadlineSeconds ttlSecondsAfterFinished template parallelism "
    "completions podFailurePolicy suspend",
    "CronJob.spec.jobTemplate.spec.template": "metadata spec",
    "CronJob.spec.jobTemplate.spec.template.spec": "serviceAccountName automountServiceAccountToken enableServiceLinks "
    "restartPolicy securityContext containers initContainers volumes nodeSelector tolerations affinity "
    "imagePullSecrets terminationGracePeriodSeconds priorityClassName",
    "containers": "name image imagePullPolicy command args env envFrom resources securityContext volumeMounts "
    "workingDir",
    "volumes": "name configMap secret emptyDir persistentVolumeClaim projected",
    "volumeMounts": "name mountPath readOnly subPath",
    "env": "name value valueFrom",
    "secret": "secretName defaultMode items optional",
    "emptyDir": "sizeLimit medium",
}


def strange(value: object, place: str) -> Iterator[str]:
    """Fields that the API does not know, at the places that are listed."""
    name = place.rpartition(".")[2]
    known = FIELDS.get(place) or FIELDS.get(name if name in FIELDS and "." not in name else "")
    if isinstance(value, dict):
        if known and (odd := value.keys() - set(known.split())):
            yield f"{place}: {sorted(odd)}"
        for key, each in value.items():
            yield from strange(each, f"{place}.{key}")
    elif isinstance(value, list):
        for each in value:
            yield from strange(each, place)


def test_the_jobs_are_of_the_api() -> None:
    kinds = [document["kind"] for document in documents("cronjob.yaml")]
    assert kinds == ["ServiceAccount", "ConfigMap", "PersistentVolumeClaim", "CronJob", "CronJob"]
    claim = documents("cronjob.yaml")[2]
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    # One job alone has the volume, so that the other runs on any node.
    claims = [each for pod in pods() for each in pod["volumes"] if "persistentVolumeClaim" in each]
    assert [each["persistentVolumeClaim"]["claimName"] for each in claims] == [claim["metadata"]["name"]]
    for document in documents("cronjob.yaml")[3:]:
        assert document["apiVersion"] == "batch/v1"
        assert list(strange(document, "CronJob")) == []
        spec = document["spec"]
        assert spec["concurrencyPolicy"] == "Forbid" and len(spec["schedule"].split()) == 5
        job = spec["jobTemplate"]["spec"]
        assert job["backoffLimit"] == 0 and job["activeDeadlineSeconds"] > 0
    scan = documents("cronjob.yaml")[3]["spec"]["jobTemplate"]["spec"]
    words = scan["template"]["spec"]["containers"][0]["args"]
    assert int(words[words.index("--time-limit") + 1]) + 240 <= scan["activeDeadlineSeconds"]


@pytest.mark.parametrize("pod", pods(), ids=lambda pod: pod["containers"][0]["args"][0])
def test_a_pod_has_no_right_that_it_does_not_need(pod: dict[str, Any]) -> None:
    (account,) = (each for each in documents("cronjob.yaml") if each["kind"] == "ServiceAccount")
    assert pod["serviceAccountName"] == account["metadata"]["name"]
    assert pod["automountServiceAccountToken"] is account["automountServiceAccountToken"] is False
    assert pod["restartPolicy"] == "Never"
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["seccompProfile"]["type"]
    (user,) = (rest for word, rest in stage() if word == "USER")
    assert f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}" == user
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
    assert "memory" in container["resources"]["limits"]
    assert re.fullmatch(r"\S+:\d+\.\d+\.\d+(@sha256:\w+)?", container["image"])
    mounted = {mount["name"]: mount for mount in container["volumeMounts"]}
    assert mounted.keys() == {volume["name"] for volume in pod["volumes"]}
    # Where the image writes; all else is read-only.
    assert {each["mountPath"] for each in mounted.values() if not each.get("readOnly")} == {"/tmp", "/var/lib/ourside"}
    for variable in container["env"]:
        secret = re.search("HISTORY|TOKEN|PASSWORD", variable["name"])
        assert ("valueFrom" in variable) == bool(secret)


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if value.keys() == {"Ref"}:
            yield value["Ref"]
        elif value.keys() == {"GetAtt"}:
            yield value["GetAtt"][0]
        elif value.keys() == {"Sub"}:
            yield from re.findall(r"\$\{([\w:]+)\}", value["Sub"])
        else:
            for each in value.values():
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_template_names_what_it_has() -> None:
    told = template()
    assert told["AWSTemplateFormatVersion"] == "2010-09-09"
    named = set(references(told["Resources"]))
    own = told["Parameters"].keys() | told["Resources"].keys()
    assert {name for name in named if not name.startswith("AWS::")} <= own
    assert told["Parameters"].keys() <= named
    assert {resource["Type"] for resource in told["Resources"].values()} == {
        "AWS::Logs::LogGroup",
        "AWS::IAM::Role",
        "AWS::ECS::TaskDefinition",
        "AWS::Scheduler::Schedule",
    }


def statements() -> Iterator[dict[str, Any]]:
    for resource in template()["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"].get("Policies", []):
                yield from policy["PolicyDocument"]["Statement"]


def test_its_roles_may_do_little() -> None:
    assert len(list(statements())) == 4
    for statement in statements():
        assert "*" not in f"{statement['Action']}{statement['Resource']}"
        assert statement["Effect"] == "Allow" and isinstance(statement["Resource"], list)
        assert statement["Action"] == "secretsmanager:GetSecretValue" or statement["Condition"]
    for resource in template()["Resources"].values():
        if resource["Type"] == "AWS::IAM::Role":
            (trust,) = resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert trust["Condition"]["StringEquals"].keys() == {"aws:SourceAccount"}


@pytest.mark.parametrize("task", tasks(), ids=lambda task: task["Command"][0])
def test_a_task_runs_as_the_image_says(task: dict[str, Any]) -> None:
    (user,) = (rest for word, rest in stage() if word == "USER")
    assert task["User"] == user and task["ReadonlyRootFilesystem"] is True
    assert task["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    assert {mount["ContainerPath"] for mount in task["MountPoints"]} == {"/tmp", "/var/lib/ourside"}
    assert {each["Name"] for each in task["Secrets"]} == {"OURSIDE_HISTORY", "SPLUNK_HEC_TOKEN"}
    assert "Environment" not in task


def test_schedules_do_not_ask_twice() -> None:
    found = [each["Properties"] for each in template()["Resources"].values() if "Scheduler" in each["Type"]]
    assert len(found) == 2
    for schedule in found:
        assert re.fullmatch(r"rate\(\d+ (minutes|hours?)\)", schedule["ScheduleExpression"])
        assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 0
        network = schedule["Target"]["EcsParameters"]["NetworkConfiguration"]["AwsvpcConfiguration"]
        assert network["AssignPublicIp"] == "DISABLED"


@pytest.mark.services
def test_the_linter_of_cloudformation_takes_the_template() -> None:
    program = shutil.which("cfn-lint")
    if program is None or subprocess.run([program, "--version"], capture_output=True, check=False).returncode:
        pytest.skip("cfn-lint is not installed: pip install cfn-lint")
    done = subprocess.run([program, str(FOLDER / "ecs.yaml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
