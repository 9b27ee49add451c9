"""Ask policyuniverse's `Policy.is_internet_accessible`."""

from answering import CannotAnswer, answer_all
from by_policy import out_of_reach
from policyuniverse.policy import Policy


def ask(question):
    """Whether the case's policy is accessible from the internet."""
    why = out_of_reach(question["service"], question["input"])
    if question["provider"] != "aws" or why:
        raise CannotAnswer(why or "not AWS")
    return Policy(question["input"]["policy"]).is_internet_accessible()


if __name__ == "__main__":
    answer_all(ask, ["policyuniverse"])
