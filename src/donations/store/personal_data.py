"""Everything personal in the database, declared once: what it is, how it goes, and that it goes from the file too.

Erasing and purging (`donors/forgetting.py`), the letter (`donors/subject_access.py`), the sweep and the
question who stands for a group of donors work from these lists. A column that can hold a text, and one that
points at a donor, is in one of them, or a test fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from donations.store.tables import metadata


class ErasureMethod(StrEnum):
    """How something leaves the books; each is done by one function of `donors/forgetting.py`."""

    # At once, when a donor asks to be forgotten
    NAME_TAKEN_OUT = "name_taken_out"  # kept aside for the tax board until the purge
    NOTES = "notes"
    WISHES = "wishes"
    FIELDS = "fields"
    NAMES_BEFORE = "names_before"
    MERGE_REASONS = "reasons_of_merges"
    PAYMENT_NOTES = "payment_notes"
    CERTIFICATE_NAMES = "certificates"
    MAILS = "mails"
    VIEWS = "views"
    # When the law lets it go
    LINES = "lines"
    CLAIMS = "claims"
    RULES = "rules"
    PAYEES = "payees"
    ANSWER_REASONS = "reasons"
    FILES = "files"
    # At both
    LIST_LINES = "list_lines"
    LOG_DETAILS = "log_details"
    # By itself
    EXPIRES = "expires"  # uploads that nobody commits, what jobs made, counts of strangers' questions


@dataclass(frozen=True, slots=True)
class Personal:
    """What can name a donor."""

    columns: tuple[str, ...]
    """Of one table, as `table.column`."""
    goes: ErasureMethod
    letter: str
    """Where it stands in the donor's letter (a field of `SubjectAccess`); empty where it is not in it."""
    why_not: str = ""
    """Why it is not in the letter."""


PERSONAL = (
    Personal(
        ("donor.name", "donor.name_key", "donor.said_name", "restricted_donor.name"),
        ErasureMethod.NAME_TAKEN_OUT,
        "whom",
    ),
    Personal(("donor_claim.code", "donor_claim.iban", "donor_claim.name_key"), ErasureMethod.CLAIMS, "whom"),
    Personal(("donor_name.name",), ErasureMethod.NAMES_BEFORE, "whom"),
    Personal(("donor_note.text",), ErasureMethod.NOTES, "notes"),
    Personal(("donor_consent.value", "donor_consent.source"), ErasureMethod.WISHES, "wishes"),
    Personal(("donor_field.value",), ErasureMethod.FIELDS, "fields"),
    Personal(("donor_merge.reason",), ErasureMethod.MERGE_REASONS, "merges"),
    Personal(
        (
            *("payer.digest", "payer.name", "payer.account", "payer.code", "payer.on_behalf_of", "payer.bic"),
            *("wording.digest", "wording.claimed_code", "wording.text", "wording.reference"),
        ),
        ErasureMethod.LINES,
        "lines",
    ),
    Personal(
        (
            *("line_detail.name", "line_detail.account", "line_detail.code", "line_detail.bic"),
            *("line_detail.on_behalf_of", "line_detail.text"),
        ),
        ErasureMethod.LINES,
        "",
        "of a batch that is kept whole, with others' names in it",
    ),
    Personal(("line_code.digest",), ErasureMethod.LINES, "", "a keyed hash of what stands in the text"),
    Personal(("payment_note.text",), ErasureMethod.PAYMENT_NOTES, "payment_notes"),
    Personal(
        ("standing_rule.iban", "standing_rule.name", "standing_rule.words", "standing_rule.label"),
        ErasureMethod.RULES,
        "rules",
    ),
    Personal(("decision.reason",), ErasureMethod.ANSWER_REASONS, "gifts"),
    Personal(("source_document.content",), ErasureMethod.FILES, "", "its lines are in it; the file has everybody's"),
    Personal(("payee_category.payee",), ErasureMethod.PAYEES, "", "what the organisation pays somebody for is no gift"),
    Personal(("certificate_name.name", "certificate_name.salt"), ErasureMethod.CERTIFICATE_NAMES, "certificates"),
    Personal(("tax_list_line.code", "tax_list_line.name"), ErasureMethod.LIST_LINES, "list_lines"),
    Personal(
        ("audit_detail.details", "audit_detail.salt"), ErasureMethod.LOG_DETAILS, "", "who looked is in it, by `looks`"
    ),
    Personal(
        ("mail.address", "mail.subject", "mail.body", "mail.word", "mail.reply"),
        ErasureMethod.MAILS,
        "mails",
    ),
    Personal(("ledger_view.name", "ledger_view.choice"), ErasureMethod.VIEWS, "", "what somebody else looks for"),
    Personal(("pending_upload.name", "pending_upload.content"), ErasureMethod.EXPIRES, "", "no part of the books yet"),
    Personal(("job_piece.content",), ErasureMethod.EXPIRES, "", "papers of many, sealed and gone after an hour"),
    Personal(
        ("idempotency_key.answer",), ErasureMethod.EXPIRES, "", "what a program was told, sealed; gone after a day"
    ),
    Personal(
        ("stranger_asked.subject",), ErasureMethod.EXPIRES, "", "keyed hashes: whoever asks, and about whatever account"
    ),
)


def tables_going(*ways: ErasureMethod) -> tuple[str, ...]:
    """Return the tables of which something goes in one of these ways, as far as this database has them."""
    named = (each.partition(".")[0] for entry in PERSONAL if entry.goes in ways for each in entry.columns)
    return tuple(name for name in dict.fromkeys(named) if name in metadata.tables)


HANGING = (
    *("donor_note.donor_id", "donor_consent.donor_id", "donor_name.donor_id", "donor_erasure.donor_id"),
    *("restricted_donor.donor_id", "donor_merge.donor_id", "donor_merge.into_id"),
    *("donors_differ.one_id", "donors_differ.other_id", "certificate.donor_id", "tax_list_line.donor_id"),
    *("standing_rule.donor_id", "donor_field.donor_id", "mail.donor_id", "thanks.donor_id"),
)
"""What people said of a donor, or gave out: it hangs on the number, which therefore stays."""

BOOKED = (
    *("allocation.donor_id", "donor_claim.donor_id", "claim_word.donor_before_id"),
    *("regular_gift.donor_id", "regular_turn.donor_id"),
)
"""What is booked, recognised or projected for a donor."""

STRUCTURE = ("donor.merged_into_id", "donor_link.one_id", "donor_link.other_id")
"""Who is one with whom."""

IMPERSONAL: dict[str, tuple[str, ...]] = {
    "what banks and files call things": (
        *("account.number", "account.name", "imported_file.sha256", "imported_file.name", "imported_file.format"),
        *("source_document.sha256", "active_file.sha256", "statement.fingerprint", "statement.currency"),
        *("statement.owner", "statement_line.kind", "statement_line.ids", "statement_line.return_reason"),
        *("payment.currency", "import_notice.code", "import_notice.filled", "finding.kind", "pair_decision.one"),
        *("pair_decision.other", "left_out_line.place", "pending_upload.token", "line_detail.currency"),
    ),
    "what people of the organisation say of its books": (
        *("imported_file.accepted_imbalance", "left_out_line.reason", "closing.reason", "reopening.reason"),
        *(
            "appeal.name",
            "appeal_end.word",
            "keyword.word",
            "keyword.forms",
            "keyword.denying",
            "appeal_reference.reference",
            "own_code.code",
            "spending_category.name",
        ),
        *("waiting_change.kind", "waiting_change.wanted", "waiting_change.rests_on"),
        *("document_setting.name", "document_setting.value", "publishing_terms.payee", "publishing_terms.goal_text"),
        *(
            "mail_server.host",
            "mail_server.security",
            "mail_server.username",
            "mail_server.password",
            "mail_server.sender",
            "digest_address.address",
            "webhook.url",
            "webhook.secret",
        ),
        *("association_logo.content", "association_logo.media_type", "association_logo.sha256"),
        *("name_in_language.name", "name_in_language.language", "name_in_language.said"),
    ),
    "who of the organisation did it": (
        *("imported_file.imported_by", "withdrawal.withdrawn_by", "given_balance.given_by", "pair_decision.decided_by"),
        *("left_out_line.decided_by", "donor_merge.merged_by", "donor_apart.parted_by", "donors_differ.said_by"),
        *("donor_name.corrected_by", "claim_word.said_by", "donor_note.written_by", "donor_consent.recorded_by"),
        *(
            "donor_field.recorded_by",
            "donor_erasure.done_by",
            "standing_rule.made_by",
            "standing_rule.switched_off_by",
            "answer.given_by",
        ),
        *("payment_hold.held_by", "payment_note.written_by", "decision.person", "closing.closed_by"),
        *("reopening.reopened_by", "late_payment.caused_by", "document_setting.set_by", "tax_list.kept_by"),
        *("certificate.issued_by", "published_block.published_by", "public_snapshot.made_by"),
        *("publishing_terms.set_by", "spending_category.made_by", "payee_category.said_by"),
        *("payment_category.said_by", "entry_rule.set_by", "audit_entry.by"),
        *("waiting_change.wished_by", "waiting_change.ended_by", "thanks.thanked_by"),
        *("mail_server.set_by", "mail.made_by", "digest_address.added_by", "webhook.added_by"),
        *("association_logo.kept_by", "name_in_language.set_by"),
    ),
    "figures, codes and digests": (
        *(
            "allocation.purpose",
            "allocation.currency",
            "decision.digest",
            "decision.rule",
            "decision.evidence",
        ),
        *("given_balance.currency", "donor_consent.kind", "donor_erasure.step", "donor_erasure.why"),
        "donor_field.field",
        *("day_sum.currency", "day_sum.purpose"),
        *("standing_rule.direction", "standing_rule.currency", "standing_rule.purpose"),
        *("regular_gift.currency", "regular_gift.pace", "regular_gift.loose", "regular_gift.dues", "regular_turn.turn"),
        *("regular_due.currency", "closing.figures", "closing.before", "closing.digest", "late_payment.cause"),
        *("certificate.figures", "certificate.digest", "published_block.figures", "published_block.before"),
        *("published_block.digest", "public_snapshot.content", "public_snapshot.digest", "spending_told.fold"),
        *("audit_entry.action", "audit_entry.about", "audit_entry.about_id", "audit_entry.commitment"),
        *("audit_entry.before", "audit_entry.digest"),
        *("data_key.kind", "data_key.wrapped", "data_key.mark"),
        *("job.kind", "job.arguments", "job.content", "job.runner", "job.failure"),
        *("webhook_delivery.event", "webhook_delivery.about", "webhook_delivery.message_id", "webhook_delivery.body"),
        *("webhook_delivery.state", "webhook_delivery.answer"),
        *("mail.occasion", "mail.kind", "mail.language", "mail.paper", "mail.state"),
    ),
    "of the people who come in, who delete it themselves (docs/adr/0010)": (
        *("person.name", "person.name_key", "person.email", "person.email_key", "person.roles"),
        *("person.password_hash", "person.totp_secret", "person_session.digest", "person_session.address"),
        *("person_session.browser", "passkey.credential_id", "passkey.public_key", "passkey.name"),
        *("passkey_challenge.browser", "passkey_challenge.challenge", "recovery_code.digest", "one_time_link.digest"),
        *("sign_in_event.kind", "sign_in_event.address", "sign_in_event.browser", "sign_in_event.by"),
        *("api_token.name", "api_token.secret_sha256", "api_token.scopes", "idempotency_key.key"),
        "idempotency_key.request_sha256",
    ),
}
"""Texts that name no donor, by why not."""


def sweep(engine: Engine) -> bool:
    """Write the database anew without its free places; False where somebody else was busy, so that it is not done.

    Backups, and on PostgreSQL its own log, hold what was there before until they are thrown away.
    """
    try:
        if engine.dialect.name == "sqlite":
            return _sweep_sqlite(engine)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # It counts anew, too: what it counted before holds the most common values.
            connection.execute(text(f"VACUUM (FULL, ANALYZE) {', '.join(tables_going(*ErasureMethod))}"))
    except OperationalError:
        return False
    return True


def _sweep_sqlite(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ROLLBACK")  # of the transaction that every connection begins with
        connection.exec_driver_sql("VACUUM")
        is_busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        return not is_busy  # while somebody reads what was before, the file still has it
