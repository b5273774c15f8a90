"""Which act it is that a row of a table was added, changed or deleted: the audit log knows of no other source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from donations.ledger.audit import About, Action
from donations.ledger.retention import Step

Values = Mapping[str, Any]


class Verb(StrEnum):
    """What was done to a row."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What it means that a row was added, changed or deleted."""

    action: Action | Callable[[Values], Action | None]
    """None: this row is no act."""
    about: About
    id: str = ""
    """Made of the row's columns, as it is now or was before it was deleted."""
    by: str = "by"
    at: str = "at"
    """The columns that say who did it, and when."""
    details: tuple[str, ...] = ()
    is_one: bool = False
    """Whether several rows are one act."""
    rest: str = ""
    """The table of which a row that was added before says the rest; its number stands in the row, as `{rest}_id`."""


def _answered(row: Values) -> Action | None:
    if row.get("person") is None:
        return None
    return Action.ANSWER_TAKEN_BACK if row["reason"] == "taken_back" else Action.ANSWERED


def _of_account(row: Values) -> Action | None:
    return Action(row["kind"]) if row["kind"] in set(Action) else None


_STEPS = {
    Step.RESTRICT: Action.DONOR_RESTRICTED,
    Step.PURGE: Action.DONOR_PURGED,
    Step.HOLD: Action.DONOR_HELD,
    Step.RELEASE: Action.DONOR_RELEASED,
}


def _step(row: Values) -> Action | None:
    return _STEPS[Step(row["step"])]


def _ended(row: Values) -> Action:
    return Action.CHANGE_AGREED if row["is_agreed"] else Action.CHANGE_WITHDRAWN


_APPEAL_NAMED = Watch(action=Action.APPEAL_CHANGED, about=About.APPEAL, id="{appeal_id}")
_APPEAL_ENDED = replace(_APPEAL_NAMED, details=("word", "last_day"))
_ACCOUNT = Watch(action=_of_account, about=About.PERSON, id="{person_id}")
_PAIRED = Watch(
    action=Action.LINES_JUDGED, about=About.LINES, by="decided_by", at="decided_at", details=("same",), is_one=True
)
_PAPERS = Watch(action=Action.PAPERS_SET, about=About.PAPERS, id="{name}", by="set_by", at="set_at", details=("value",))
_CALLED = Watch(
    action=Action.NAME_TRANSLATED,
    about=About.ORGANISATION,
    by="set_by",
    at="set_at",
    details=("name", "language", "said"),
)
_CATEGORY = Watch(
    action=Action.CATEGORY_SET, about=About.CATEGORY, id="{id}", details=("name", "pays_people"), is_one=True
)
_CATEGORISED = Watch(
    action=Action.PAYEE_CATEGORISED,
    about=About.PAYEE,
    id="{id}",
    by="said_by",
    at="said_at",
    details=("category_id",),
    is_one=True,
)

_FIELD_SET = Watch(
    action=Action.DONOR_FIELD_SET,
    about=About.DONOR,
    id="{donor_id}",
    by="recorded_by",
    at="recorded_at",
    details=("field",),
)

_MAIL_SERVER = Watch(
    action=Action.MAIL_SERVER_SET,
    about=About.ORGANISATION,
    by="set_by",
    at="set_at",
    details=("host", "port", "security", "sender"),
)

WATCHED: Mapping[tuple[str, Verb], Watch] = {
    ("imported_file", Verb.ADDED): Watch(
        action=Action.IMPORTED,
        about=About.IMPORT,
        id="{id}",
        by="imported_by",
        at="imported_at",
        details=("sha256", "accepted_imbalance"),
    ),
    ("withdrawal", Verb.ADDED): Watch(
        action=Action.UNDONE, about=About.IMPORT, id="{file_id}", by="withdrawn_by", at="withdrawn_at"
    ),
    ("given_balance", Verb.ADDED): Watch(
        action=Action.BALANCE_GIVEN,
        about=About.ACCOUNT,
        id="{account_id}",
        by="given_by",
        at="given_at",
        details=("currency", "day", "minor"),
    ),
    ("given_balance", Verb.GONE): Watch(
        action=Action.BALANCE_REMOVED, about=About.ACCOUNT, id="{account_id}", details=("currency", "day"), is_one=True
    ),
    ("quiet_days", Verb.ADDED): Watch(
        action=Action.DAYS_CONFIRMED,
        about=About.ACCOUNT,
        id="{account_id}",
        by="confirmed_by",
        at="confirmed_at",
        details=("currency", "first_day", "last_day"),
    ),
    ("quiet_days", Verb.GONE): Watch(
        action=Action.DAYS_UNCONFIRMED,
        about=About.ACCOUNT,
        id="{account_id}",
        details=("currency", "first_day", "last_day"),
    ),
    ("pair_decision", Verb.ADDED): _PAIRED,
    ("pair_decision", Verb.CHANGED): _PAIRED,
    ("pair_decision", Verb.GONE): Watch(action=Action.LINES_UNJUDGED, about=About.LINES, is_one=True),
    ("left_out_line", Verb.ADDED): Watch(
        action=Action.LINE_LEFT_OUT,
        about=About.PAYMENT,
        id="{payment_id}",
        by="decided_by",
        at="decided_at",
        details=("reason",),
    ),
    ("left_out_line", Verb.GONE): Watch(action=Action.LINE_BROUGHT_BACK, about=About.PAYMENT, id="{payment_id}"),
    ("allocation", Verb.ADDED): Watch(
        action=_answered,
        about=About.PAYMENT,
        id="{payment_id}",
        by="person",
        at="made_at",
        details=("purpose", "minor", "currency", "donor_id", "reason"),
        is_one=True,
        rest="decision",
    ),
    ("payment_hold", Verb.ADDED): Watch(
        action=Action.HELD, about=About.PAYMENT, id="{payment_id}", by="held_by", at="held_at", details=("until",)
    ),
    ("payment_hold", Verb.GONE): Watch(action=Action.RELEASED, about=About.PAYMENT, id="{payment_id}"),
    ("payment_note", Verb.ADDED): Watch(
        action=Action.PAYMENT_NOTED, about=About.PAYMENT, id="{payment_id}", by="written_by", at="written_at"
    ),
    ("payment_note", Verb.CHANGED): Watch(action=Action.PAYMENT_NOTE_ERASED, about=About.PAYMENT, id="{payment_id}"),
    ("standing_rule", Verb.ADDED): Watch(
        action=Action.RULE_MADE,
        about=About.RULE,
        id="{id}",
        by="made_by",
        at="made_at",
        details=("purpose", "direction"),
    ),
    ("standing_rule", Verb.CHANGED): Watch(
        action=Action.RULE_SWITCHED, about=About.RULE, id="{id}", details=("switched_off_at",)
    ),
    ("donor_merge", Verb.ADDED): Watch(
        action=Action.MERGED,
        about=About.DONOR,
        id="{into_id}",
        by="merged_by",
        at="merged_at",
        details=("id", "donor_id", "reason"),
    ),
    ("donor_apart", Verb.ADDED): Watch(
        action=Action.PARTED, about=About.MERGE, id="{merge_id}", by="parted_by", at="parted_at"
    ),
    ("donors_differ", Verb.ADDED): Watch(
        action=Action.SAID_DIFFERENT,
        about=About.DONOR,
        id="{one_id}",
        by="said_by",
        at="said_at",
        details=("other_id",),
    ),
    ("donors_differ", Verb.GONE): Watch(
        action=Action.SAID_ALIKE, about=About.DONOR, id="{one_id}", details=("other_id",)
    ),
    ("donor_name", Verb.ADDED): Watch(
        action=Action.DONOR_RENAMED, about=About.DONOR, id="{donor_id}", by="corrected_by", at="corrected_at"
    ),
    ("claim_word", Verb.ADDED): Watch(
        action=Action.CLAIM_GIVEN,
        about=About.CLAIM,
        id="{claim_id}",
        by="said_by",
        at="said_at",
        details=("donor_before_id",),
    ),
    ("claim_word", Verb.GONE): Watch(action=Action.CLAIM_TAKEN_BACK, about=About.CLAIM, id="{claim_id}"),
    ("donor_note", Verb.ADDED): Watch(
        action=Action.DONOR_NOTED, about=About.DONOR, id="{donor_id}", by="written_by", at="written_at"
    ),
    ("donor_note", Verb.GONE): Watch(action=Action.DONOR_NOTE_ERASED, about=About.DONOR, id="{donor_id}"),
    ("donor_consent", Verb.ADDED): Watch(
        action=Action.CONSENT_KEPT,
        about=About.DONOR,
        id="{donor_id}",
        by="recorded_by",
        at="recorded_at",
        details=("kind", "value", "given_on"),
    ),
    ("donor_field", Verb.ADDED): _FIELD_SET,
    ("donor_field", Verb.CHANGED): _FIELD_SET,
    ("donor_field", Verb.GONE): Watch(
        action=Action.DONOR_FIELD_EMPTIED, about=About.DONOR, id="{donor_id}", details=("field",)
    ),
    ("donor_erasure", Verb.ADDED): Watch(
        action=_step, about=About.DONOR, id="{donor_id}", by="done_by", at="done_at", details=("why",)
    ),
    ("thanks", Verb.ADDED): Watch(
        action=Action.THANKED, about=About.DONOR, id="{donor_id}", by="thanked_by", at="thanked_at"
    ),
    ("certificate", Verb.ADDED): Watch(
        action=Action.CERTIFICATE_ISSUED,
        about=About.CERTIFICATE,
        id="{year}-{number:04}",
        by="issued_by",
        at="issued_at",
        details=("digest",),
        is_one=True,
    ),
    ("tax_list", Verb.ADDED): Watch(
        action=Action.LIST_KEPT,
        about=About.LIST,
        id="{id}",
        by="kept_by",
        at="kept_at",
        details=("year", "donors", "minor"),
    ),
    ("closing", Verb.ADDED): Watch(
        action=Action.CLOSED,
        about=About.MONTH,
        id="{first_day:%Y-%m}",
        by="closed_by",
        at="closed_at",
        details=("digest", "reason"),
    ),
    ("reopening", Verb.ADDED): Watch(
        action=Action.REOPENED,
        about=About.CLOSING,
        id="{closing_id}",
        by="reopened_by",
        at="reopened_at",
        details=("reason",),
    ),
    ("published_block", Verb.ADDED): Watch(
        action=Action.PUBLISHED,
        about=About.BLOCK,
        id="{number}",
        by="published_by",
        at="published_at",
        details=("digest",),
        is_one=True,
    ),
    ("publishing_terms", Verb.ADDED): Watch(
        action=Action.TERMS_SET,
        about=About.TERMS,
        id="{id}",
        by="set_by",
        at="set_at",
        details=("donors_min", "percent", "goal_minor"),
    ),
    ("spending_category", Verb.ADDED): replace(_CATEGORY, by="made_by", at="made_at"),
    ("spending_category", Verb.CHANGED): _CATEGORY,
    ("payee_category", Verb.ADDED): _CATEGORISED,
    ("payee_category", Verb.CHANGED): Watch(action=Action.PAYEE_FORGOTTEN, about=About.PAYEE, id="{id}"),
    ("payment_category", Verb.ADDED): replace(
        _CATEGORISED, action=Action.COST_CATEGORISED, about=About.PAYMENT, id="{payment_id}"
    ),
    ("account", Verb.ADDED): Watch(action=Action.ACCOUNT_ADDED, about=About.ACCOUNT, id="{id}"),
    ("account", Verb.CHANGED): Watch(
        action=Action.ACCOUNT_CHANGED, about=About.ACCOUNT, id="{id}", details=("opened_on", "ended_on")
    ),
    ("appeal", Verb.ADDED): Watch(action=Action.APPEAL_ADDED, about=About.APPEAL, id="{id}", details=("name",)),
    ("appeal", Verb.CHANGED): Watch(action=Action.APPEAL_CHANGED, about=About.APPEAL, id="{id}", details=("name",)),
    ("keyword", Verb.ADDED): _APPEAL_NAMED,
    ("keyword", Verb.CHANGED): _APPEAL_NAMED,
    ("appeal_reference", Verb.ADDED): _APPEAL_NAMED,
    ("appeal_end", Verb.ADDED): _APPEAL_ENDED,
    ("appeal_end", Verb.CHANGED): _APPEAL_ENDED,
    ("own_code", Verb.ADDED): Watch(action=Action.OWN_CODE_ADDED, about=About.ORGANISATION),
    ("association_logo", Verb.ADDED): Watch(
        action=Action.LOGO_ADDED, about=About.ORGANISATION, by="kept_by", at="kept_at", details=("sha256",)
    ),
    ("name_in_language", Verb.ADDED): _CALLED,
    ("name_in_language", Verb.CHANGED): _CALLED,
    ("document_setting", Verb.ADDED): _PAPERS,
    ("document_setting", Verb.CHANGED): _PAPERS,
    ("mail_server", Verb.ADDED): _MAIL_SERVER,
    ("mail_server", Verb.CHANGED): _MAIL_SERVER,
    ("digest_address", Verb.ADDED): Watch(
        action=Action.DIGEST_ADDRESS_ADDED, about=About.ORGANISATION, by="added_by", at="added_at"
    ),
    ("digest_address", Verb.GONE): Watch(action=Action.DIGEST_ADDRESS_DROPPED, about=About.ORGANISATION),
    ("webhook", Verb.ADDED): Watch(action=Action.WEBHOOK_ADDED, about=About.ORGANISATION, by="added_by", at="added_at"),
    ("webhook", Verb.GONE): Watch(action=Action.WEBHOOK_DROPPED, about=About.ORGANISATION),
    ("mail", Verb.ADDED): Watch(
        action=Action.MAIL_WRITTEN, about=About.MAIL, id="{id}", by="made_by", at="made_at", details=("kind",)
    ),
    ("entry_rule", Verb.ADDED): Watch(
        action=Action.ENTRY_RULE_SET,
        about=About.ORGANISATION,
        by="set_by",
        at="set_at",
        details=("needs_second_step",),
    ),
    ("waiting_change", Verb.ADDED): Watch(
        action=Action.CHANGE_WISHED,
        about=About.CHANGE,
        id="{id}",
        by="wished_by",
        at="wished_at",
        details=("kind", "wanted"),
    ),
    ("waiting_change", Verb.CHANGED): Watch(
        action=_ended, about=About.CHANGE, id="{id}", by="ended_by", at="ended_at", details=("kind", "wanted")
    ),
    ("sign_in_event", Verb.ADDED): _ACCOUNT,
    ("sign_in_event", Verb.CHANGED): _ACCOUNT,
}

PARTS = frozenset(
    {
        # Parts of what is imported, answered, issued or published.
        *("thanked_gift", "source_document", "active_file", "statement", "stated_balance", "statement_line"),
        *("payer", "wording", "line_detail", "decision"),
        *("import_notice", "answer", "answer_part", "donor", "donor_claim", "tax_list_line", "certificate_name"),
        # What happens to it is told by `donor_erasure`.
        "restricted_donor",
        *("public_snapshot", "spending_told"),
        # Consequences that are made again from facts.
        *("payment", "attestation", "unshown_payment", "finding", "donor_link", "late_payment"),
        *("day_sum", "open_payment", "regular_gift", "regular_turn", "regular_due"),
        *("books_version", "line_code"),
        # People and programs: what happens to them is told by `sign_in_event`.
        *("person", "person_session", "passkey", "passkey_challenge", "recovery_code", "one_time_link", "api_token"),
        # What one looks for.
        "ledger_view",
        # What is done with the keys is told by itself.
        "data_key",
        # Strangers do nothing to the books.
        "stranger_asked",
        # Nothing is done yet.
        *("pending_upload", "idempotency_key"),
        # What is made is made of what is in the books; that it is taken along is told by itself.
        *("job", "job_piece", "webhook_delivery"),
        # Checking changes nothing in the books.
        "check_result",
        # The log itself.
        *("audit_entry", "audit_detail"),
    }
)
