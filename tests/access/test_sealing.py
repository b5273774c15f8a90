"""What the database keeps of a secret opens with the key only, and only for the person whose it is."""

from __future__ import annotations

from donations.store.sealing import SecretSeal, is_sealed

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
ONE, OTHER = SecretSeal("1" * 43), SecretSeal("2" * 43)


def test_it_opens_with_its_key_for_its_person() -> None:
    kept = ONE.sealed(SECRET, person_id=7)
    assert is_sealed(kept)
    assert SECRET not in kept
    assert ONE.opened(kept, person_id=7) == SECRET
    assert ONE.opened(kept, person_id=8) is None
    assert OTHER.opened(kept, person_id=7) is None
    assert ONE.sealed(SECRET, person_id=7) != kept


def test_what_an_older_version_kept_is_the_secret_itself() -> None:
    assert not is_sealed(SECRET)
    assert ONE.opened(SECRET, person_id=7) == SECRET
