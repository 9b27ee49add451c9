"""The rules, a file each. The folder is the duty that a failure violates."""
