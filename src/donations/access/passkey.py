"""Passkeys (WebAuthn level 3): made and used with the person verified, each challenge answered once.

The names of the site are what the browser asked for, after the guard has checked the host against the settings.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from donations.access.account import drop_needless_codes, make_recovery_codes
from donations.access.event import Event, Origin, note
from donations.access.person import may_come_in
from donations.access.second_step import has_second_step
from donations.access.session import Again, Entered, Lifetime, begin, begin_anew
from donations.access.signing_in import Entrance, attempt_from_address
from donations.store import users
from donations.store.session import WriteSession, as_reader, writing
from donations.store.tables.access import ChallengeRow, PasskeyRow

_REFUSED = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)
"""What the library raises for answers that are none; all but the first for shapes that it does not expect."""
CHALLENGE_LIFE = timedelta(minutes=5)
CHALLENGES_MAX = 1_000
"""More at once nobody has who uses a browser."""


class PasskeyError(Exception):
    """The browser's answer is not one to the challenge, or the passkey is not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """The site as the browser knows it."""

    host: str
    """Without the port: what a passkey is bound to."""
    origin: str
    """With scheme and port."""
    name: str


def ask_for_new(session: WriteSession, person_id: int, *, browser: str, place: RelyingParty, origin: Origin) -> str:
    """Return, as JSON for the browser, what it needs to make a passkey; `browser` is the digest of its cookie."""
    person = users.person_here(as_reader(session), person_id)
    known = users.passkeys_of(as_reader(session), person_id)
    options = generate_registration_options(
        rp_id=place.host,
        rp_name=place.name,
        user_id=person_id.to_bytes(8),
        user_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in known],
    )
    _keep(session, options.challenge, browser=_for_new(browser, person_id), origin=origin)
    return options_to_json(options)


def add(
    entrance: Entrance, person_id: int, answer: str, *, name: str, browser: str, place: RelyingParty, origin: Origin
) -> tuple[Entered, list[str]]:
    """Add the passkey that the browser made; returns recovery codes where this is the first second step.

    Raises `PasskeyError`.
    """
    asked = _for_new(browser, person_id)
    with writing(entrance.engine) as session:
        challenge = users.take_challenge(session, asked, too_old=origin.at - CHALLENGE_LIFE)
    made = _registered(answer, challenge, place)
    credential_id = bytes_to_base64url(made.credential_id)
    with writing(entrance.engine) as session:
        if users.passkey_with(as_reader(session), credential_id) is not None:
            raise PasskeyError
        is_first = not has_second_step(as_reader(session), users.person_here(as_reader(session), person_id))
        users.add_passkey(
            session,
            PasskeyRow(
                id=0,
                person_id=person_id,
                credential_id=credential_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=" ".join(name.split())[:60] or origin.browser,
                made_at=origin.at,
            ),
        )
        note(session, Event.PASSKEY_ADDED, origin, person_id=person_id)
        codes = make_recovery_codes(session, person_id, origin) if is_first else []
        return begin_anew(session, person_id, origin, lifetime=entrance.lifetime), codes


def remove(session: WriteSession, person_id: int, passkey_id: int, *, origin: Origin, lifetime: Lifetime) -> Entered:
    """Take one of the person's passkeys away."""
    users.drop_passkey(session, person_id=person_id, passkey_id=passkey_id)
    note(session, Event.PASSKEY_REMOVED, origin, person_id=person_id)
    drop_needless_codes(session, users.person_here(as_reader(session), person_id))
    return begin_anew(session, person_id, origin, lifetime=lifetime)


def ask_for_known(session: WriteSession, *, browser: str, place: RelyingParty, origin: Origin) -> str:
    """Return, as JSON for the browser, what it needs to sign in with any passkey it has for this site."""
    options = generate_authentication_options(rp_id=place.host, user_verification=UserVerificationRequirement.REQUIRED)
    _keep(session, options.challenge, browser=browser, origin=origin)
    return options_to_json(options)


def sign_in(
    entrance: Entrance, answer: str, *, browser: str, place: RelyingParty, origin: Origin, again: Again | None = None
) -> Entered:
    """Sign in with a passkey: with the person verified by the device it is both steps in one.

    With `again` only the person who is signed in already, whose session goes on under a new secret.

    Raises `PasskeyError` or `donations.access.signing_in.TooManyAttemptsError`.
    """
    with writing(entrance.engine) as session:
        attempt = attempt_from_address(session, origin)
        challenge = users.take_challenge(session, browser, too_old=origin.at - CHALLENGE_LIFE)
    with writing(entrance.engine) as session:
        key = users.passkey_with(as_reader(session), _named_in(answer))
        row = None if key is None else users.person_here(as_reader(session), key.person_id)
        if key is None or row is None or not may_come_in(row, now=origin.at):
            raise PasskeyError
        if again is not None and (again.person_id != row.id or not _ended(session, again)):
            raise PasskeyError
        key.sign_count, key.used_at = _used(answer, challenge, key, place).new_sign_count, origin.at
        session.add(key)
        users.drop_event(session, attempt)
        note(session, Event.SIGNED_IN_PASSKEY, origin, person_id=row.id)
        return begin(session, row.id, origin, lifetime=entrance.lifetime)


def _ended(session: WriteSession, again: Again) -> bool:
    return users.end_session_of(session, again.person_id, again.digest)


def _for_new(browser: str, person_id: int) -> str:
    """Return what a challenge for a new passkey is kept under.

    Those for signing in are given to anybody: answered with a new passkey, one would add it without the password.
    """
    return f"{browser} for {person_id}"


def _keep(session: WriteSession, challenge: bytes, *, browser: str, origin: Origin) -> None:
    row = ChallengeRow(browser=browser, challenge=challenge, made_at=origin.at)
    users.put_challenge(session, row, too_old=origin.at - CHALLENGE_LIFE, most=CHALLENGES_MAX)


def _registered(answer: str, challenge: bytes | None, place: RelyingParty) -> VerifiedRegistration:
    if challenge is None:
        raise PasskeyError
    try:
        return verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except _REFUSED as error:
        raise PasskeyError from error


def _used(answer: str, challenge: bytes | None, key: PasskeyRow, place: RelyingParty) -> VerifiedAuthentication:
    if challenge is None:
        raise PasskeyError
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _REFUSED as error:
        raise PasskeyError from error


def _named_in(answer: str) -> str:
    try:
        named = json.loads(answer)["id"]
    except _REFUSED:
        return ""
    return named if isinstance(named, str) else ""
