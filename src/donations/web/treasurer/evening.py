"""The summary of the evening: a page, and the same as a text to copy or to send to the board."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.ledger.thread import EveningStep, EveningThread
from donations.reports.evening_summary import EveningSummary, evening_summary
from donations.store.session import reading
from donations.views.formats import amount, day, month, months
from donations.views.language import gettext, ngettext
from donations.web.access import needs
from donations.web.own_name import shown_name
from donations.web.pages import THREAD, SiteHere, page

router = APIRouter(prefix="/evening")


@router.get("")
@needs(Permission.SEE_FIGURES)
def summary(request: Request, site: SiteHere) -> Response:
    """Show what this evening came to, and what is left."""
    with reading(site.engine) as session:
        found, own = evening_summary(session, now=site.clock()), shown_name(session, site)
    thread: EveningThread | None = request.scope.get(THREAD)
    done, left = list(_done(found)), list(_left(thread))
    title = gettext("%(organisation)s: the books on %(day)s") % {"organisation": own, "day": day(site.today)}
    text = "\n".join([title, "", *_listed(done), *(["", gettext("Left to do:"), *_listed(left)] if left else [])])
    return page(
        request,
        "treasurer/evening.html",
        done=done,
        left=left,
        text=text,
        letter=f"mailto:?subject={quote(title)}&body={quote(text)}",
    )


def _done(found: EveningSummary) -> Iterator[str]:
    """Yield a sentence for each thing that was done."""
    if count := found.read.files:
        files = ngettext("%(num)s file read", "%(num)s files read", count) % {"num": count}
        brought = found.read.payments
        yield f"{files}: " + ngettext("%(num)s new payment.", "%(num)s new payments.", brought) % {"num": brought}
    if count := found.booked.gifts:
        sums = " + ".join(amount(minor, currency) for currency, minor in found.booked.totals)
        yield ngettext("%(num)s gift booked: %(sum)s.", "%(num)s gifts booked: %(sum)s.", count) % {
            "num": count,
            "sum": sums,
        }
    if count := found.booked.new_donors:
        yield ngettext("%(num)s donor gave for the first time.", "%(num)s donors gave for the first time.", count) % {
            "num": count
        }
    if count := found.answered:
        yield ngettext("%(num)s question answered.", "%(num)s questions answered.", count) % {"num": count}
    if found.closed:
        yield gettext("Closed: %(months)s.") % {"months": ", ".join(month(each.first_day) for each in found.closed)}
    if (told := found.disclosed) is not None:
        yield gettext("Published: %(months)s.") % {"months": months(told.first_day, told.last_day)}


def _left(thread: EveningThread | None) -> Iterator[str]:
    """Yield a sentence for each thing that is left to do."""
    if thread is None:
        return
    standing = thread.standing
    if count := standing.questions:
        yield ngettext("%(num)s question is open.", "%(num)s questions are open.", count) % {"num": count}
    if standing.month is not None:
        yield gettext("%(month)s is not closed yet.") % {"month": month(standing.month.first_day)}
    if thread.now is EveningStep.PUBLISH:
        yield gettext("Months can be published.")


def _listed(lines: list[str]) -> list[str]:
    return [f"– {line}" for line in lines]
