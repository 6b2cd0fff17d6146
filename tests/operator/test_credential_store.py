"""Rotating tokens are kept sealed, one row an account, replaced whole."""

from __future__ import annotations

from bot.engine.clock import SystemClock
from bot.operator.credential_store import CredentialStore
from bot.operator.sealing import Sealer, new_key
from bot.storage.database import Database

KEY = new_key()
PAIR = {"access_token": "gErypPlm4dOV", "refresh_token": "af3t24tf", "expires_s": 1.5}


def store(database: Database, *keys: str, account: str = "https://acme.zendesk.com") -> CredentialStore:
    """Return the account's store."""
    return CredentialStore(database.work, Sealer(keys or [KEY]), SystemClock(), "zendesk", account)


def test_the_newest_record_is_given_back(database: Database) -> None:
    tokens = store(database)

    tokens.replace(PAIR)
    tokens.replace({**PAIR, "access_token": "newer"})

    assert tokens.get() == {**PAIR, "access_token": "newer"}


def test_accounts_are_kept_apart(database: Database) -> None:
    store(database).replace(PAIR)

    assert store(database, account="https://other.zendesk.com").get() is None


def test_the_database_holds_no_readable_token(database: Database) -> None:
    store(database).replace(PAIR)

    with database.work() as unit:
        sealed = unit.credentials.get("zendesk", "https://acme.zendesk.com")

    assert sealed is not None
    assert b"gErypPlm4dOV" not in sealed


def test_after_resealing_the_former_key_can_go(database: Database) -> None:
    new = new_key()
    store(database).replace(PAIR)

    store(database, new, KEY).reseal()

    assert store(database, new).get() == PAIR
