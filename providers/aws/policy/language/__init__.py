"""The policy language: text -> typed tree. The only thing that the two evaluators share."""
