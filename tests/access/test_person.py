"""Names of people: written freely, compared without case, and never another one's e-mail address."""

from __future__ import annotations

import pytest

from donations.access.person import Role, checked_email, checked_name, roles_text, sign_in_key
from donations.core.refusal import Refusal


@pytest.mark.parametrize(
    ("written", "name"), [("  Mari   Mets ", "Mari Mets"), ("Õnne", "Õnne"), ("Олег Иванов", "Олег Иванов")]
)
def test_a_name_has_no_needless_blanks(written: str, name: str) -> None:
    assert checked_name(written) == name


@pytest.mark.parametrize("written", ["", " ", "M", "mari@mets.ee", "a" * 81, "Mari\x00Mets", "Mari\u202eMets"])
def test_what_is_no_name(written: str) -> None:
    with pytest.raises(Refusal, match="bad_name"):
        checked_name(written)


@pytest.mark.parametrize(("written", "email"), [("", ""), ("  ", ""), (" Mari@mets.ee ", "Mari@mets.ee")])
def test_an_address_may_be_left_out(written: str, email: str) -> None:
    assert checked_email(written) == email


@pytest.mark.parametrize("written", ["mari", "@", "mari@", "a b@mets.ee", "a@b@c", "a@" + "b" * 200])
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(Refusal, match="bad_name"):
        checked_email(written)


@pytest.mark.parametrize("typed", ["Mari Mets", "mari mets", " MARI  METS ", "Ｍari Mets"])
def test_how_a_name_is_typed_does_not_matter(typed: str) -> None:
    assert sign_in_key(typed) == "mari mets"


def test_roles_are_kept_in_one_order() -> None:
    assert roles_text(frozenset({Role.ADMIN, Role.VIEWER, Role.TREASURER})) == "viewer treasurer admin"
