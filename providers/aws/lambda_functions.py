"""Lambda: functions, and how their runtimes are patched.

Published versions of a function are not read: what is judged is the one that is not published yet.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from providers.aws.event_history import history_of
from providers.aws.gaps import untold
from providers.aws.lambda_runtimes import DEPRECATED
from scanner.facts import Call, Fact, derived
from scanner.kinds import Function
from scanner.kinds.change import LastChange, latest
from scanner.kinds.software import Updates
from scanner.model import Listing

FUNCTIONS: Final = Call(
    "lambda", "ListFunctions", {"MaxItems": 10000}, "lambda:ListFunctions", items="Functions", regional=True
)
# What comes as an image has no runtime of Lambda's to be managed.
# https://docs.aws.amazon.com/lambda/latest/dg/runtime-management-configure-settings.html
MANAGEMENT: Final = Call(
    "lambda",
    "GetRuntimeManagementConfig",
    {"FunctionName": "{it.name}"},
    "lambda:GetRuntimeManagementConfig",
    absent=("InvalidParameterValueException",),
    gone=("ResourceNotFoundException",),
)
TAGS: Final = Call(
    "lambda", "ListTags", {"Resource": "{it.uid}"}, "lambda:ListTags", gone=("ResourceNotFoundException",)
)

Package: TypeAlias = Literal["Zip", "Image"]
Mode: TypeAlias = Literal["Auto", "FunctionUpdate", "Manual"]

_CUSTOMERS_OWN: Final = "custom"
"""The runtime of a function whose runtime somebody outside Lambda publishes.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-customer-managed.html
"""


class LambdaFunction(Function, type_id="aws.lambda.function"):
    """A function."""

    listed = Listing(uid="{FunctionArn}", name="{FunctionName}", call=FUNCTIONS)
    # The log has the name or the ARN, as whoever made a change wrote it.
    change_by_name = history_of("lambda")
    change_by_arn = history_of("lambda", "{it.uid}")
    tags = Function.tags.read(TAGS, lambda a: a["Tags"])
    # Left out by answers from before there were images: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
    package = Fact[Package]("What its code comes in.").listed(lambda item: item.get("PackageType", "Zip"))
    runtime = Fact[str | None]("The runtime that Lambda gives it; nothing where it brings its own in an image.").listed(
        lambda item: item.get("Runtime") or None
    )
    update_mode = Fact[Mode | None]("When Lambda puts new versions of the runtime in place.").read(
        MANAGEMENT, lambda a: a["UpdateRuntimeOn"], absent=None
    )

    @derived(reads=[change_by_name, change_by_arn])
    def last_change(self) -> LastChange | None:
        """Its latest change, by the event history; nothing where that tells of none in 90 days."""
        return latest(self.change_by_name, self.change_by_arn)

    @derived(reads=[runtime])
    def deprecated(self) -> bool:
        """Lambda does not patch its runtime any more.

        https://docs.aws.amazon.com/lambda/latest/dg/runtime-support-policy.html
        """
        until = DEPRECATED.get(self.runtime or "")
        if self.runtime is not None and self.runtime != _CUSTOMERS_OWN and until is None:
            untold(f"it is not known until when Lambda patches the runtime {self.runtime}")
        return until is not None and until <= self.taken_at.date()

    @derived(reads=[package, runtime, deprecated, update_mode])
    def updates(self) -> Updates:
        """How patches of its runtime arrive.

        https://docs.aws.amazon.com/lambda/latest/dg/runtime-management-shared.html
        """
        if self.package == "Image":
            untold("its image brings the operating system and the runtime, and nothing tells when it was last built")
        if self.runtime == _CUSTOMERS_OWN:
            untold("its runtime is published by somebody else than Lambda, who patches it")
        if self.deprecated:
            return "unsupported"
        mode = self.update_mode
        if mode is None:
            untold("Lambda does not tell how its runtime is updated")
        return "automatic" if mode == "Auto" else "manual"
