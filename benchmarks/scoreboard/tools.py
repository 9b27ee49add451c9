"""The other tools, as they are asked."""

from __future__ import annotations

from typing import Final

import msgspec


class Tool(msgspec.Struct, frozen=True):
    """A tool in an environment of its own."""

    name: str
    title: str
    script: str = ""
    """Its adapter and its pins; under its own name where nothing is said."""
    overlay: str = ""
    """Pins of packages laid over that environment."""
    only: str = ""
    """The one service it is asked about."""

    @property
    def source(self) -> str:
        """Whose adapter and environment it uses."""
        return self.script or self.name


TOOLS: Final = (
    Tool("prowler", "Prowler"),
    Tool("policyuniverse", "policyuniverse"),
    Tool("cloudsplaining", "cloudsplaining"),
    Tool(
        "prowler-older-data",
        "Prowler with action data of September 2026",
        script="prowler",
        overlay="prowler-action-data.txt",
        only="identity",
    ),
)
SIDE_BY_SIDE: Final = tuple(tool for tool in TOOLS if not tool.only)
"""Those that are asked everything."""
