"""Numbers that carry their own proof."""

from __future__ import annotations


def is_card_number(digits: str) -> bool:
    """Return whether the digits have a payment card's length, first digits and check digit.

    Source: ISO/IEC 7812 (Luhn); the ranges of the card schemes.
    """
    begins_right = digits[0] in "3456" or "2221" <= digits[:4] <= "2720"
    if not 13 <= len(digits) <= 19 or not begins_right or len(set(digits)) == 1:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """Return whether text, without spaces, has an IBAN's form and check digits.

    Source: ISO 13616, ISO 7064 (mod 97-10).
    """
    if not 15 <= len(text) <= 34 or not (text[:2].isalpha() and text[2:4].isdigit()):
        return False
    return int("".join(str(int(char, 36)) for char in text[4:] + text[:4])) % 97 == 1
