"""Clusters that run containers."""

from __future__ import annotations

from scanner.facts import Fact
from scanner.kinds.software import Software


class Cluster(Software, kind="cluster"):
    """A Kubernetes cluster whose control plane the provider runs."""

    api_open = Fact[bool]("Its API server answers any address of the internet.")
    nodes_private = Fact[bool]("Its nodes have no addresses on the internet.")
    workload_identity = Fact[bool]("Its workloads act as identities of their own rather than as their node.")
    secrets_encrypted = Fact[bool]("Its secrets are encrypted once more, with a key of the customer's.")
    attribute_access = Fact[bool]("The old access rules by attributes are in force beside roles.")
