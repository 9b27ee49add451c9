"""The concrete evaluators: one request, one answer. They confirm what the questions claim."""
