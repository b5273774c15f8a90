"""`--rejudge` of `check` and `migrate`: what readers and rules of today make of the books, shown first, then done."""

from __future__ import annotations

from donations.cli import context
from donations.cli.show import as_json, money, say, table
from donations.renewing import Renewal, renew
from donations.views.value import money_by_currency


def rejudge(*, keep: bool, json: bool) -> None:
    """Read and judge the whole books again, and print what that changes; with `keep` it stays so."""
    with context.writer(keep=keep) as session:
        found = renew(session, limits=context.settings().limits, by=context.person(), now=context.now())
    if json:
        as_json({"is_preview": not keep, **_document(found)})
        return
    table("What the readers and rules of today make of these books", ("", ""), _rows(found), right=("",))
    if found.otherwise:
        imports = ", ".join(map(str, found.otherwise))
        say(
            f"These imports read otherwise today, line by line, and were left as they are: {imports}. "
            "To have them read anew, take each back and import its file again."
        )
    if found.payments:
        say(f"Payments that change: {', '.join(map(str, found.payments))}. What is known of one: donations why NUMBER")
    if found.closed:
        months = ", ".join(map(str, found.closed))
        say(f"Closed months whose figures stay, with dated corrections beside them: {months}.")
    say("What people answered stays.")
    if keep:
        say("Done.")
    else:
        say("Nothing was changed. To have it so, copy the books and run: donations migrate --rejudge")


def _rows(found: Renewal) -> list[tuple[str, str]]:
    change = found.change
    return [
        ("Files read again", str(found.files)),
        ("Payments that come into the books", str(found.came)),
        ("Payments that leave the books", str(found.went)),
        ("Payments that become gifts", str(change.became_gifts)),
        *(("  of", money(minor, currency)) for currency, minor in change.gift_totals),
        ("Gifts that change their donor or appeal", str(change.changed_gifts)),
        ("Gifts that are none any more", str(change.lost_gifts)),
        ("Other payments that are booked otherwise", str(change.became_other)),
        ("Questions before", str(found.questions_before)),
        ("Questions then", str(found.questions)),
    ]


def _document(found: Renewal) -> dict[str, object]:
    change = found.change
    return {
        "files": found.files,
        "imports_reading_otherwise": found.otherwise,
        "payments_coming": found.came,
        "payments_leaving": found.went,
        "becoming_gifts": change.became_gifts,
        "totals": [each.document() for each in money_by_currency(change.gift_totals)],
        "changed_gifts": change.changed_gifts,
        "lost_gifts": change.lost_gifts,
        "becoming_other": change.became_other,
        "questions_before": found.questions_before,
        "questions": found.questions,
        "payments": found.payments,
        "corrected_months": [str(month) for month in found.closed],
    }
