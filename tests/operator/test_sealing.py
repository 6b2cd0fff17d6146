"""Stored tokens are sealed under the operator's key, and the key can be changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingError
from bot.operator.sealing import Sealer, new_key

OLD, NEW, OTHER = new_key(), new_key(), new_key()


@given(st.binary())
def test_what_is_sealed_opens_again_and_is_not_readable(value: bytes) -> None:
    sealer = Sealer([OLD])

    sealed = sealer.seal(value)

    assert sealer.open(sealed) == value
    assert not value or len(value) < 8 or value not in sealed


def test_an_older_key_still_opens_until_the_row_is_sealed_anew() -> None:
    old = Sealer([OLD]).seal(b"token")
    both = Sealer([NEW, OLD])

    rotated = both.rotate(old)

    assert both.open(old) == Sealer([NEW]).open(rotated) == b"token"
    with pytest.raises(SettingError):
        Sealer([NEW]).open(old)


@pytest.mark.parametrize("act", [Sealer.open, Sealer.rotate])
def test_a_wrong_key_is_told_with_the_way_out(act: Callable[[Sealer, bytes], bytes]) -> None:
    with pytest.raises(
        SettingError, match=r"^VOC_SECRET_KEY .*does not open what is stored\. Put the former key"
    ):
        act(Sealer([OTHER]), Sealer([OLD]).seal(b"token"))


def test_a_damaged_row_does_not_open() -> None:
    sealed = bytearray(Sealer([OLD]).seal(b"token"))
    sealed[20] ^= 1

    with pytest.raises(SettingError):
        Sealer([OLD]).open(bytes(sealed))


@pytest.mark.parametrize(
    ("keys", "problem"),
    [([], "is not set"), (["short"], "must be 32 bytes"), ([OLD, "ö" * 44], "must be 32 bytes")],
)
def test_no_key_and_a_key_of_another_form_stop(keys: list[str], problem: str) -> None:
    with pytest.raises(SettingError) as caught:
        Sealer(keys)

    assert problem in str(caught.value)
    assert OLD not in str(caught.value)
