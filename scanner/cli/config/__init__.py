"""The file of options: what it may say, where values come from, and `ourside config`."""
