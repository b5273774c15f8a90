"""What only programs meet: every code with what happened, what it means for the money, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from donations.core.language import N_
from donations.web.failures import FAILURES, Failure
from donations.web.refusals import REFUSALS

_UNCHANGED = N_("Nothing was changed.")
_NOT_IMPORTED = N_("Nothing was imported.")
_NEW_TOKEN = N_("Make a new token on the page “Programs” of your account.")


def _entry(code: str, status: int, what: str, remedy: str, *, money: str = _UNCHANGED) -> Failure:
    return Failure(code=code, status=status, what=what, money=money, remedy=remedy)


API_FAILURES: dict[str, Failure] = {
    each.code: each
    for each in (
        _entry(
            "token_missing",
            401,
            N_("The request brings no token."),
            N_("Send the header “Authorization: Bearer” with a token."),
        ),
        _entry(
            "token_unknown",
            401,
            N_("There is no such token."),
            N_("Copy the whole token, from dt_ to its last letter."),
        ),
        _entry("token_expired", 401, N_("The token is older than it may be."), _NEW_TOKEN),
        _entry("token_revoked", 401, N_("The token was revoked."), _NEW_TOKEN),
        _entry(
            "token_owner_left",
            401,
            N_("The token’s owner may not sign in any more."),
            N_("Ask somebody else of the organisation for a token."),
        ),
        _entry(
            "token_in_url",
            400,
            N_("A token does not belong into an address: addresses are logged."),
            N_("Revoke that token, make a new one, and send it in the header “Authorization”."),
        ),
        _entry(
            "scope_missing",
            403,
            N_("The token was not made for this."),
            N_("Make a token with the scope that is named here."),
        ),
        _entry(
            "role_missing",
            403,
            N_("The token’s owner may not do this."),
            N_("Ask whoever looks after people in the organisation for the role."),
        ),
        _entry(
            "invalid_input",
            422,
            N_("The request is not what the description says."),
            N_("Compare it with the description at /docs."),
        ),
        _entry(
            "bad_json",
            400,
            N_("The body is not JSON in UTF-8, or names a field twice."),
            N_("Send one JSON object and the header “Content-Type: application/json”."),
        ),
        _entry(
            "bad_cursor",
            422,
            N_("The cursor is not one of ours."),
            N_("Follow the link “next” of the page before, or begin without a cursor."),
        ),
        _entry(
            "unsupported_media_type",
            415,
            N_("A file comes as the body itself, not as a form."),
            N_("Send the bytes of one file with “Content-Type: application/octet-stream”."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            "file_refused",
            422,
            N_("The file was refused, all of it."),
            N_("Every problem is named with what to do about it."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            "preview_outdated",
            409,
            N_("Something changed since the preview: it would come out otherwise now."),
            N_("Look at a new preview and send its digest."),
        ),
        _entry(
            "idempotency_key_missing",
            400,
            N_("An import needs the header “Idempotency-Key”."),
            N_("Send a new random key with each file, and the same key when you send the same file again."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            "idempotency_key_reused",
            422,
            N_("This Idempotency-Key came with another request before."),
            N_("Send a new random key with each file."),
            money=_NOT_IMPORTED,
        ),
        _entry(
            "idempotency_key_in_flight",
            409,
            N_("The request with this Idempotency-Key is still being worked on."),
            N_("Repeat it in a few seconds to get its answer."),
            money=N_("The request before decides; this one changed nothing."),
        ),
        _entry("cannot_answer", 422, N_("The answer does not fit."), N_("Look at the payment again.")),
        _entry("other_currency", 422, N_("The payment is in another currency."), N_("Look at the payment again.")),
        _entry("no_donor_here", 422, N_("Only gifts and refunds have a donor."), N_("Leave the donor out.")),
        _entry("unknown_report", 404, N_("There is no such report."), N_("The description at /docs names them all.")),
    )
}

_OF_PAGES = (
    # What a page may say in peace, a program must notice.
    replace(each, status=409) if each.status == 200 else each
    for each in (*REFUSALS.values(), *FAILURES.values())
)
CODES: Mapping[str, Failure] = {each.code: each for each in _OF_PAGES} | API_FAILURES
"""Every code that a problem can have."""


def refused(code: str, *, of_body: bool = False) -> Failure:
    """Return the failure of a stable code; what a body names and is not there makes the body wrong, not the address."""
    failure = CODES.get(code, API_FAILURES["cannot_answer"])
    return replace(failure, status=422) if of_body and failure.status == 404 else failure
