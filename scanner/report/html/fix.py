"""A check's fix by cloud, as the page's script takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from scanner.report.fix_words import passages


class Step(msgspec.Struct, frozen=True):
    """Some words of a fix."""

    cloud: str
    """The provider that they are for; empty for all."""
    text: str


def steps_of(fix: str, clouds: Mapping[str, str]) -> Iterator[Step]:
    """The words in their order, and the cloud's by its id."""
    providers = {title: provider for provider, title in clouds.items()}
    for paragraph in fix.split("\n\n"):
        for passage in passages(paragraph, providers):
            text = passage.words
            if passage.title:
                yield Step(providers[passage.title], text[:1].upper() + text[1:])
            elif text:
                yield Step("", text)
