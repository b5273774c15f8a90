"""Check digits of account numbers and codes, computed here from the standards and not from any library.

Sources: ISO 13616 (IBAN, mod 97-10), Estonian Banking Association (7-3-1), Population Register Act (isikukood).
"""

from __future__ import annotations

_WEIGHTS = (7, 3, 1)
_FIRST, _SECOND = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)


def seven_three_one(digits: str) -> str:
    total = sum(int(digit) * _WEIGHTS[at % 3] for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def iban(country: str, basic: str) -> str:
    digits = "".join(str(int(letter, 36)) for letter in f"{basic}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{basic}"


def estonian_iban(bank: str, account: int) -> str:
    """Bank of two digits; the branch is the bank's own `00`, as it is in most accounts that are in use."""
    inner = f"00{account:011}"
    return iban("EE", f"{bank}{inner}{seven_three_one(inner)}")


def _modulo_eleven(digits: str) -> str:
    for weights in (_FIRST, _SECOND):
        found = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if found < 10:
            return str(found)
    return "0"


def personal_code(first_ten: str) -> str:
    return first_ten + _modulo_eleven(first_ten)


def registry_code(first_seven: str) -> str:
    return first_seven + _modulo_eleven(first_seven)


def reference_number(base: str) -> str:
    return base + seven_three_one(base)
