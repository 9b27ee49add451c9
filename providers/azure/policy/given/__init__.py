"""The door for decoded JSON: inputs of the judge, read into typed documents."""
