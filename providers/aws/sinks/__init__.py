"""Where AWS takes findings: Security Hub in its own format, Security Lake in OCSF. Importing this loads no SDK."""
