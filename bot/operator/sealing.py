"""Tokens at rest: encrypted and signed (Fernet), with keys that can be changed while old rows still open."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import SettingError

VARIABLE = "VOC_SECRET_KEY"
FEATURE = "storing tokens"


class Sealer:
    """Seals with the first key, opens with any. Raises SettingError for no key, or one of another form."""

    def __init__(self, keys: Sequence[str]) -> None:
        from cryptography.fernet import Fernet, MultiFernet

        if not keys:
            raise SettingError(VARIABLE, "is not set", feature=FEATURE, remedy="python -m bot init makes one")
        try:
            self._keys = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            problem = "must be 32 bytes in URL-safe base64, or several of these with commas between"
            raise SettingError(VARIABLE, problem, feature=FEATURE) from None  # the cause may show the key

    def seal(self, value: bytes) -> bytes:
        """Return the value sealed with the newest key."""
        return self._keys.encrypt(value)

    def open(self, sealed: bytes) -> bytes:
        """Return what was sealed. Raises SettingError when no key fits."""
        from cryptography.fernet import InvalidToken

        try:
            return self._keys.decrypt(sealed)
        except InvalidToken as exc:
            raise _no_key_fits() from exc

    def rotate(self, sealed: bytes) -> bytes:
        """Return the same value sealed with the newest key. Raises SettingError when no key fits."""
        from cryptography.fernet import InvalidToken

        try:
            return self._keys.rotate(sealed)
        except InvalidToken as exc:
            raise _no_key_fits() from exc


def new_key() -> str:
    """Return a fresh random key."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _no_key_fits() -> SettingError:
    remedy = "Put the former key after the present one, with a comma between, or connect the account again"
    return SettingError(VARIABLE, "does not open what is stored", feature=FEATURE, remedy=remedy)
