"""Sentences with every word blanked out that is not one of ours.

A reason is a sentence of a check with names from the cloud in it. Which words are the cloud's cannot be told from the
sentence, so that only those stay that the check itself may have put there: what its code and its docstring say, and
what this file lists.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any

from scanner.check import Check

_PLAIN = re.compile(r"\d{1,5}|\d{1,2}\.\d{1,2}|\d{4}-\d\d-\d\d|0\.0\.0\.0/0|::/0|\*")
"""What names nothing: short numbers, days, everywhere, everything."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_EDGES = "\"'()[]{}<>,;:.!?"
"""Signs after a word that are not of it."""
_BEFORE = "\"'([{<"
LONGEST = 6
"""Words that a name of words is looked for in."""
_WORDS = """
    a an and any anyone as at anew approve be by can cannot deny ended ends everybody everyone everything expired
    expires failed failure failures for from had has have hold holds if in internet is it its let lets may mend might
    more must nobody no none not of off on only or other others outside over own read refused signed since so some
    somebody stranger strangers than that the their them then there they this to under until was were what when which
    who whoever with without world yet you your account accounts acl access action actions address addresses bucket
    buckets container database group groups identity key keys list machine network object objects organisation
    organization permission permissions point policies policy port principal principals project provider public reach
    resource role roles rule rules service services snapshot subscription table user users write guardrails create
    delete update overwrite administers assume authenticated signed-in unsigned anonymous change connect decrypt
    encrypt execute invoke manage open send subscribe use old older day days again back came block blocks IAM ACL TLS
"""
COMMON = frozenset(_WORDS.lower().split())
"""Words of ours that reasons, notices and mitigations are made with, whatever they speak of."""
_ANYBODY = "any anyone anonymous everyone on the internet unsigned without credentials"
ANYBODY = frozenset(_ANYBODY.split())
"""Words for a principal who is nobody in particular."""


class Vocabulary:
    """The words that may stand, by check."""

    def __init__(self, checks: Mapping[str, Check[Any]], names: Collection[str] = ()) -> None:
        """`names` are blanked out even where they are made of such words."""
        self._checks = checks
        self._known: dict[str, frozenset[str]] = {"": COMMON}
        self.names = frozenset(names)

    def of(self, check_id: str) -> frozenset[str]:
        """The words of a check, in lower case; those that all have in common where there is none."""
        if check_id not in self._known:
            check = self._checks.get(check_id)
            said = () if check is None else _said(check)
            self._known[check_id] = COMMON.union(word.lower() for text in said for word in _WORD.findall(text))
        return self._known[check_id]

    def all(self) -> frozenset[str]:
        """Every word that may stand somewhere."""
        return COMMON.union(*map(self.of, self._checks))

    def blanked(self, text: str, check_id: str, stand_in: Callable[[str], str]) -> str:
        """The text; each name in it, and each word that is not one of the check's, by what stands in for it."""
        words = self.of(check_id)
        tokens = text.split(" ")
        said: list[str] = []
        at = 0
        while at < len(tokens):
            length = self._name_at(tokens, at)
            front, core, back = _parted(" ".join(tokens[at : at + max(length, 1)]))
            plain = not length and (not core or bool(_PLAIN.fullmatch(core)) or core.lower() in words)
            said.append(f"{front}{core if plain else stand_in(core)}{back}")
            at += max(length, 1)
        return " ".join(said)

    def _name_at(self, tokens: list[str], at: int) -> int:
        """How many words from here are a name; the longest name wins."""
        for length in range(min(LONGEST, len(tokens) - at), 0, -1):
            if _parted(" ".join(tokens[at : at + length]))[1] in self.names:
                return length
        return 0


def _parted(token: str) -> tuple[str, str, str]:
    """The signs before a word, the word, and the signs after it."""
    core = token.lstrip(_BEFORE).rstrip(_EDGES)
    front = token[: token.index(core)] if core else token
    return front, core, token[len(front) + len(core) :]


def made_of(words: Collection[str], name: str) -> bool:
    """Whether every word of a name may stand, so that it would be told as it is."""
    return all(
        bool(_PLAIN.fullmatch(core)) or core.lower() in words
        for core in (_parted(token)[1] for token in name.split(" "))
        if core
    )


def _said(check: Check[Any]) -> Iterator[str]:
    """All texts of a check: its docstring, and those in its code and in what that calls in its own file."""
    guidance = check.guidance
    yield from (guidance.title, guidance.why, guidance.fix)
    around = inspect.getmodule(check.function)
    own = (value for name, value in vars(around).items() if not name.startswith("__")) if around else ()
    for value in (check.function, *own):
        if isinstance(value, FunctionType) and value.__module__ == check.module:
            yield from _texts(value.__code__)
        elif isinstance(value, str):
            yield value


def _texts(code: CodeType) -> Iterator[str]:
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _texts(constant)
