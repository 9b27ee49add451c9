"""Ask cloudsplaining's `internet_accessible_actions`; for roles also `role_assumable_by_any_principal`.

Of a user's policies, `allows_privilege_escalation`, one by one.
"""

from answering import CannotAnswer, answer_all
from by_policy import out_of_reach
from cloudsplaining.scan.assume_role_policy_document import AssumeRolePolicyDocument
from cloudsplaining.scan.policy_document import PolicyDocument
from cloudsplaining.scan.resource_policy_document import ResourcePolicyDocument


def ask(question):
    """Whether it names an action that everyone may do."""
    given = question["input"]
    if question["service"] == "identity":
        return any(PolicyDocument(policy).allows_privilege_escalation for policy in given["policies"])
    why = out_of_reach(question["service"], given)
    if question["provider"] != "aws" or why:
        raise CannotAnswer(why or "not AWS")
    if question["service"] == "iam-role":
        role = AssumeRolePolicyDocument(given["policy"], given["account"])
        return bool(role.internet_accessible_actions or role.role_assumable_by_any_principal)
    return bool(ResourcePolicyDocument(given["policy"]).internet_accessible_actions)


if __name__ == "__main__":
    answer_all(ask, ["cloudsplaining", "policy-sentry"])
