"""Databases that the provider runs."""

from __future__ import annotations

from scanner.access import Access
from scanner.facts import Fact
from scanner.kinds.encryption import Encryption
from scanner.kinds.software import Software
from scanner.model import Resource


class DatabaseServer(Software, kind="database-server"):
    """A database engine that the provider runs and the customer connects to."""

    access = Fact[Access]("Who outside the private network can open a connection.")
    public_endpoint = Fact[bool]("It has an address on the internet, whomever it lets in.")
    tls_only = Fact[bool]("Connections without TLS are refused.")
    old_tls_refused = Fact[bool]("Connections with TLS older than 1.2 are refused.")
    audited = Fact[bool]("Who does what in its databases is written to a log.")
    directory_login = Fact[bool]("People and programs can log in with identities of the cloud's directory.")
    password_login = Fact[bool]("Logins that the database keeps itself, with passwords, are accepted.")
    backed_up = Fact[bool]("It is backed up by itself, to a point in time.")
    deletion_protected = Fact[bool]("It cannot be deleted by a single call.")
    encryption = Fact[Encryption]("How it is encrypted at rest, and who holds the key.")


class Database(Resource, kind="database"):
    """A database on a server, where it has settings of its own."""

    encrypted = Fact[bool]("It is encrypted at rest, whoever holds the key.")


class Dataset(Resource, kind="dataset"):
    """Tables that are stored and queried without a server."""

    access = Fact[Access]("Who outside the account can reach its tables.")
    encryption = Fact[Encryption]("How it is encrypted at rest, and who holds the key.")
