"""The letter to a donor with everything that is held on the donor, and what a treasurer may leave out of it.

GDPR Art. 15: what is held and why, from where, who gets it, how long it is kept, and what the donor may ask for. It
has nothing of anybody else: who else pays from a joint account is not told. Texts may name anybody, so that a treasurer
looks through them, leaves out what is another person's, and the letter says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from donations.core.calendar import TALLINN, day_of
from donations.core.donor import DonorId
from donations.core.donor_field import donor_fields
from donations.core.language import N_
from donations.core.money import EUR
from donations.core.name import PLACEHOLDER, name_key
from donations.core.payment import Purpose
from donations.ledger.retention import kept_until
from donations.matching.explain import BECAUSE
from donations.matching.outcome import OutcomeCause
from donations.reports.association import Association
from donations.reports.audited import ACTION_NAMES
from donations.reports.table import Column, ColumnKind, Row, Table
from donations.reports.words import PURPOSES, REASONS, STEPS, OwnText
from donations.store.donors.donor_facts import ConsentKind
from donations.store.donors.subject_access import GiftOnRecord, SubjectAccess
from donations.store.organisation import BeliefsGround
from donations.views.phrases import PLAIN, Phrase, Teller

LEFT_OUT = N_("(left out)")
_WISHES = {
    ConsentKind.PUBLIC_NAME: N_("Showing the name in public"),
    ConsentKind.CERTIFICATE_LANGUAGE: N_("Language of certificates"),
    ConsentKind.CONTACT: N_("How to reach you"),
}
_CHOICES: Mapping[str, str] = {
    "yes": N_("yes"),
    "no": N_("no"),
    "et": N_("Estonian"),
    "en": N_("English"),
    "ru": N_("Russian"),
}
"""The wishes that are chosen from a list."""
_MAIL, _RULE = N_("Message to you: {subject}"), N_("A rule of ours says so.")
_SOMEBODY_ELSE = OwnText(N_("somebody else paid for you"))
_DAY = Column("day", N_("Day"), ColumnKind.DAY)
_WHAT = Column("what", N_("What"), ColumnKind.TEXT)
_TEXT = Column("text", N_("Text"), ColumnKind.TEXT)
_BY = Column("by", N_("Person"), ColumnKind.TEXT)
_AMOUNT = (Column("minor", N_("Amount"), ColumnKind.MINOR), Column("currency", N_("Currency"), ColumnKind.CURRENCY))


def tables(held: SubjectAccess, *, without: Collection[str], has_codes: bool) -> Iterator[Table]:
    """Yield every table of the letter; those without rows have nothing to say."""
    yield from (_who(held, has_codes=has_codes), _gifts(held, without), _lines(held, without), _wishes(held, without))
    yield from (_notes(held, without), _papers(held, has_codes=has_codes), _known_by(held, without), _looks(held))


def _table(title: str, columns: tuple[Column, ...], rows: Iterator[Row]) -> Table:
    return Table(title=OwnText(title), columns=columns, rows=tuple(rows))


def _who(held: SubjectAccess, *, has_codes: bool) -> Table:
    def rows() -> Iterator[Row]:
        for donor in sorted(held.whom.donors):
            yield OwnText(N_("Your number in our books")), str(donor)
        for name in held.whom.names:
            yield OwnText(N_("Name, now or before")), name
        for code in sorted(held.whom.codes):
            yield OwnText(N_("Personal or registry code")), _code(code, has_codes=has_codes)
        for iban in sorted(held.whom.ibans):
            yield OwnText(N_("Account that you paid from")), iban

    return _table(N_("Who you are"), (_WHAT, Column("value", N_("Value"), ColumnKind.TEXT)), rows())


def _gifts(held: SubjectAccess, without: Collection[str]) -> Table:
    columns = (
        *(_DAY, *_AMOUNT, _WHAT, Column("appeal", N_("Appeal"), ColumnKind.TEXT)),
        *(
            Column("why", N_("Why we think so"), ColumnKind.TEXT),
            _BY,
            Column("decided", N_("Decided on"), ColumnKind.DAY),
        ),
    )
    rows = (
        (
            *(each.day, each.allocation.amount.minor, each.allocation.amount.currency, _purpose(each)),
            *(each.appeal or None, _why(each, without), each.allocation.decision.person, day_of(each.made_at)),
        )
        for each in held.gifts
    )
    return _table(N_("Your gifts, and how each was counted"), columns, rows)


def _purpose(gift: GiftOnRecord) -> str:
    if gift.taken_back is None:
        return PURPOSES[gift.allocation.purpose]
    is_gift = gift.allocation.purpose is Purpose.GIFT
    return OwnText(N_("No longer counted as a gift")) if is_gift else OwnText(N_("Refund, not counted so any more"))


def _why(gift: GiftOnRecord, without: Collection[str]) -> str:
    decision = gift.allocation.decision
    if f"reason-{gift.allocation.id}" in without and decision.reason not in BECAUSE:
        return OwnText(LEFT_OUT)
    if decision.reason == OutcomeCause.STANDING_RULE:
        return OwnText(_RULE)
    return OwnText("{why}", ("why", decision))


def _lines(held: SubjectAccess, without: Collection[str]) -> Table:
    columns = (
        *(
            _DAY,
            *_AMOUNT,
            Column("name", N_("Name"), ColumnKind.TEXT),
            Column("account", N_("Account"), ColumnKind.TEXT),
        ),
        *(_TEXT, Column("reference", N_("Reference"), ColumnKind.TEXT)),
    )
    rows = (
        (
            *(each.day, each.minor, each.currency),
            *((each.name or None, each.account or None) if each.is_own else (_SOMEBODY_ELSE, None)),
            *(_free(each.text, f"line-{each.line}", without), each.reference or None),
        )
        for each in held.lines
    )
    return _table(N_("What the bank wrote, once for each statement"), columns, rows)


def _wishes(held: SubjectAccess, without: Collection[str]) -> Table:
    def rows() -> Iterator[Row]:
        for each in (*held.wishes.latest.values(), *held.wishes.earlier):
            key, kind = f"wish-{each.id}", ConsentKind(each.kind)
            is_chosen = kind is not ConsentKind.CONTACT and each.value in _CHOICES
            yield (
                *(each.given_on, OwnText(_WISHES[kind])),
                OwnText(_CHOICES[each.value]) if is_chosen else _free(each.value, key, without),
                *(_free(each.source, key, without), each.recorded_by),
            )
        declared = donor_fields()
        for value in held.fields:
            label = declared[value.field].label if value.field in declared else value.field
            yield day_of(value.recorded_at), OwnText(label), value.value, None, value.recorded_by

    columns = (
        _DAY,
        _WHAT,
        Column("value", N_("Value"), ColumnKind.TEXT),
        Column("source", N_("How we know"), ColumnKind.TEXT),
        _BY,
    )
    return _table(N_("What you told us"), columns, rows())


def _notes(held: SubjectAccess, without: Collection[str]) -> Table:
    def rows() -> Iterator[Row]:
        for each in held.notes:
            yield day_of(each.written_at), _free(each.text, f"note-{each.id}", without), each.written_by
        for row in held.payment_notes:
            yield day_of(row.written_at), _free(row.text, f"payment-{row.id}", without), row.written_by

    return _table(N_("What we noted"), (_DAY, _TEXT, _BY), rows())


def _papers(held: SubjectAccess, *, has_codes: bool) -> Table:
    def rows() -> Iterator[Row]:
        for paper in held.certificates:
            named = OwnText(N_("Certificate {number}"), ("number", paper.written_number))
            yield day_of(paper.issued_at), named, paper.name or None, None, None, None
        for mail in held.mails:
            yield day_of(mail.made_at), OwnText(_MAIL, ("subject", mail.text.subject)), None, None, None, None
        for line in held.list_lines:
            named = OwnText(N_("List for the tax board, {year}"), ("year", str(line.year)))
            yield day_of(line.kept_at), named, line.name, _code(line.code, has_codes=has_codes), line.minor, EUR

    columns = (
        _DAY,
        _WHAT,
        Column("name", N_("Name"), ColumnKind.TEXT),
        Column("code", N_("Code"), ColumnKind.TEXT),
        *_AMOUNT,
    )
    return _table(N_("Papers that name you"), columns, rows())


def _known_by(held: SubjectAccess, without: Collection[str]) -> Table:
    def rows() -> Iterator[Row]:
        for rule in held.rules:
            yield day_of(rule.made_at), OwnText(N_("A rule counts payments as yours")), rule.label or None, rule.made_by
        for merge in held.merges:
            reason = _free(merge.reason, f"merge-{merge.id}", without)
            yield day_of(merge.at), OwnText(N_("Two entries were taken for one person")), reason, merge.by
            if merge.parted_at is not None:
                yield day_of(merge.parted_at), OwnText(N_("They were taken apart again")), None, merge.parted_by
        for step in held.steps:
            yield day_of(step.done_at), OwnText(STEPS[step.step]), OwnText(REASONS[step.why]), step.done_by

    return _table(N_("What we did to recognise or to forget you"), (_DAY, _WHAT, _TEXT, _BY), rows())


def _looks(held: SubjectAccess) -> Table:
    rows = (
        (f"{each.at.astimezone(TALLINN):%Y-%m-%d %H:%M}", OwnText(ACTION_NAMES[each.action]), each.by)
        for each in held.looks
    )
    columns = (Column("at", N_("When"), ColumnKind.TEXT), _WHAT, _BY)
    return _table(N_("Who looked at your data, or changed it"), columns, iter(rows))


def _free(text: str, key: str, without: Collection[str]) -> str | None:
    return OwnText(LEFT_OUT) if key in without and text else text or None


def _code(code: str, *, has_codes: bool) -> str:
    return code if has_codes else f"…{code[-4:]}"


TITLE = N_("Everything that {organisation} holds about you")
_INTRO = (
    N_("You asked what we hold about you. This is all of it, as it is in our books today."),
    N_(
        "We hold it to account for your gifts, as the Accounting Act obliges us to (GDPR Art. 6 (1) (c)), and to know "
        "who gave and to answer you, in which we have a legitimate interest (Art. 6 (1) (f))."
    ),
    N_("What you allowed or wished, we hold because you said so (Art. 6 (1) (a)). You may take it back at any time."),
    N_("It comes from our bank statements, and from what you told us."),
    N_("Our accountant and auditor may see it."),
)
_NOT_LISTED = N_(
    "We are not on the tax board’s list of associations with income tax incentives: gifts to us are not declared to "
    "the tax board, and give no income tax incentive."
)
_LISTED = N_("We are on the tax board’s list of associations with income tax incentives since {since}.")
_WAS_LISTED = N_(
    "We are on the tax board’s list of associations with income tax incentives for the days from {since} to {until}."
)
_DECLARED = N_(
    "Of the gifts of that time, the Income Tax Act obliges us to tell the tax board your name, code and yearly sum "
    "(form INF 4; GDPR Art. 6 (1) (c)), if we know your code."
)
_OUTSIDE = N_(
    "We were not on that list when you gave on these days; those gifts are not declared, and give no income tax "
    "incentive: {days}."
)
_BELIEFS = N_(
    "Gifts to us may tell what somebody believes or belongs to (GDPR Art. 9). Your name is never published, and nobody "
    "is answered by account number."
)
_GROUNDS: Mapping[BeliefsGround, str] = {
    BeliefsGround.CONSENT: N_("We may hold that because you explicitly agreed (Art. 9 (2) (a))."),
    BeliefsGround.OWN_BODY: N_(
        "We may hold that as a body with a political, philosophical, religious or trade union aim, of those who are "
        "near to us (Art. 9 (2) (d))."
    ),
}
_KEPT = N_(
    "The law asks us to keep it until {day}: seven years from the end of the financial year of your last payment."
)
_KEPT_SOMEHOW = N_(
    "The law asks us to keep it for seven years from the end of the financial year of your last payment."
)
_RIGHTS = N_(
    "You may ask us to correct it, to use it no more, or to erase what the law does not ask us to keep. If you think "
    "that we handle it wrongly, write to us, or to the Data Protection Inspectorate (aki.ee)."
)
_OMITTED = N_("Where it says “{left_out}”, a text names another person too, whose data we may not give to you.")


def _declared(held: SubjectAccess, sender: Association) -> Iterator[OwnText]:
    incentives = sender.incentives
    if incentives is None:
        return
    if incentives.since is None:
        yield OwnText(_NOT_LISTED)
        return
    days = (("since", incentives.since), ("until", incentives.until or incentives.since))
    yield OwnText(_LISTED if incentives.until is None else _WAS_LISTED, *days)
    yield OwnText(_DECLARED)
    standing = (each.day for each in held.gifts if each.allocation.purpose is Purpose.GIFT and each.taken_back is None)
    outside = sorted({day for day in standing if not incentives.has(day)})
    if outside:
        yield OwnText(_OUTSIDE, ("days", tuple(outside)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that may name somebody else; the treasurer decides whether it goes into the letter."""

    key: str
    """`note-3`: names it in a form."""
    content: str
    is_doubtful: bool
    """Whether it seems to name somebody else, or the payment is another donor's too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter in no language yet."""

    donor: DonorId
    title: OwnText
    paragraphs: tuple[OwnText, ...]
    parts: tuple[Table, ...]

    def translated(self, teller: Teller) -> Letter:
        """Return the letter in a language."""
        return Letter(
            donor=self.donor,
            title=OwnText(teller.tell(self.title.phrase)),
            paragraphs=tuple(OwnText(teller.tell(each.phrase)) for each in self.paragraphs),
            parts=tuple(part.translated(teller) for part in self.parts),
        )

    def document(self) -> dict[str, Any]:
        """Return it as plain values for JSON, in English and with stable keys."""
        return {
            "donor": self.donor,
            "title": PLAIN.tell(self.title.phrase),
            "paragraphs": list(self.paragraphs),
            "parts": [part.document() for part in self.parts],
        }


def letter(
    held: SubjectAccess, *, sender: Association, without: Collection[str] | None = None, has_codes: bool
) -> Letter:
    """Return the letter to a donor, without these texts and all that say the same; None: the doubtful ones.

    What the sender never said of itself, the letter does not say either. Without codes, only their last four digits
    stand in it.
    """
    known = tuple(texts_in(held))
    without = {each.key for each in known if each.is_doubtful} if without is None else without
    unsaid = {each.content for each in known if each.key in without}
    left_out = {each.key for each in known if each.content in unsaid}
    return Letter(
        donor=held.donor,
        title=OwnText(TITLE, ("organisation", sender.name or PLACEHOLDER)),
        paragraphs=tuple(_paragraphs(held, sender, is_whole=not left_out)),
        parts=tuple(part for part in tables(held, without=left_out, has_codes=has_codes) if part.rows),
    )


def texts(held: SubjectAccess) -> tuple[Text, ...]:
    """Return the texts on a donor that a treasurer should look through, each once, the doubtful ones first."""
    found: dict[str, Text] = {}
    for each in texts_in(held):
        known = found.setdefault(each.content, each)
        if each.is_doubtful:
            found[each.content] = replace(known, is_doubtful=True)
    return tuple(sorted(found.values(), key=lambda each: not each.is_doubtful))


def texts_in(held: SubjectAccess) -> Iterator[Text]:
    """Yield what people and banks wrote freely; what has a word of another payer's name in it is doubtful."""
    for key, said, is_beside in _written(held):
        words = name_key(said).split()
        names_others = any(word.startswith(tuple(held.others)) for word in words)  # Tamm, Tammega
        if said:
            yield Text(key=key, content=said, is_doubtful=is_beside or names_others)


def _written(held: SubjectAccess) -> Iterator[tuple[str, str, bool]]:
    """Yield the key of each text, the text, and whether it stands beside somebody else's payment."""
    for note in held.notes:
        yield f"note-{note.id}", note.text, False
    for row in held.payment_notes:
        yield f"payment-{row.id}", row.text, False
    for merge in held.merges:
        yield f"merge-{merge.id}", merge.reason, False
    for wish in (*held.wishes.latest.values(), *held.wishes.earlier):
        yield f"wish-{wish.id}", f"{wish.value} ({wish.source})", False
    for gift in held.gifts:
        decision = gift.allocation.decision
        if decision.person is not None and decision.reason not in BECAUSE:
            yield f"reason-{gift.allocation.id}", decision.reason, False
    for line in held.lines:
        yield f"line-{line.line}", line.text, line.is_shared


def _paragraphs(held: SubjectAccess, sender: Association, *, is_whole: bool) -> Iterator[OwnText]:
    yield from map(OwnText, _INTRO)
    yield from _declared(held, sender)
    if sender.gifts_tell_beliefs:
        yield OwnText(_BELIEFS)
        yield from (OwnText(_GROUNDS[each]) for each in BeliefsGround if each is sender.beliefs_ground)
    days = [*(each.day for each in held.gifts), *(each.day for each in held.lines)]
    if days and sender.first_month is None:
        yield OwnText(_KEPT_SOMEHOW)
    elif days:
        yield OwnText(_KEPT, ("day", kept_until(max(days), first_month=sender.first_month)))
    yield OwnText(_RIGHTS)
    if not is_whole:
        yield OwnText(_OMITTED, ("left_out", Phrase(LEFT_OUT)))
