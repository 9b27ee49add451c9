"""A statement of a policy in one short English sentence without a subject: "allows everyone s3:GetObject on ..."."""

from __future__ import annotations

from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Patterns, PrincipalName, Principals, Statement
from providers.aws.policy.questions.plain_words import all_in_words, joined, listed, quoted


def statement_in_words(statement: Statement) -> str:
    """The statement for a reader. Long lists are cut, with the number of those left out."""
    words = ["allows" if statement.effect == "Allow" else "denies"]
    if statement.principals is not None:
        words.append(_who(statement.principals))
    words.append(_things(statement.actions, "all actions"))
    if statement.resources is not None:
        words.append(f"on {_things(statement.resources, 'all resources')}")
    conditions = all_in_words(statement.conditions)
    return " ".join(words) + (f", if {conditions}" if conditions else "")


def _things(patterns: Patterns, everything: str) -> str:
    if any(not value.strip("*") for value in patterns.values):
        return f"none of {everything}" if patterns.negated else everything
    things = listed(patterns.values, "and")
    return f"{everything} but {things}" if patterns.negated else things


def _who(principals: Principals) -> str:
    names = list(dict.fromkeys(map(_name, principals.names)))
    if "everyone" in names:
        return "nobody" if principals.negated else "everyone"
    # The names are words already, so that they are not quoted again.
    shown = joined(names, "and") or "nobody"
    return f"everyone but {shown}" if principals.negated else shown


def _name(name: PrincipalName) -> str:
    match name.kind:
        case "everyone":
            return "everyone"
        case "AWS" if named(name.text).kind == "account":
            return f"account {named(name.text).account}"
        case "Service":
            return f"service {quoted(name.text)}"
        case "Federated":
            return f"users of {quoted(name.text)}"
        case "CanonicalUser":
            return f"the account with canonical id {quoted(name.text)}"
        case _:
            return quoted(name.text)
