"""How a case is laid out for a check of Prowler."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Which checks are asked about a service, and how a case becomes what they read."""

    folder: str
    """The package of the service."""
    service: str
    """Its module of models."""
    clients: tuple
    """Modules that would read an account."""
    checks: tuple
    lay: object
    """(module of models, input) -> attributes of each client."""


def aws(folder, checks, lay, *clients):
    """The layout of a service of AWS."""
    own = (f"{folder}_client", *clients)
    return Layout(f"prowler.providers.aws.services.{folder}", f"{folder}_service", own, tuple(checks), lay)
