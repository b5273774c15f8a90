"""Words of thanks to one donor, to be copied into a message, in the donor's language."""

from __future__ import annotations

from donations.acts.thanking import ToThank
from donations.core.language import N_
from donations.core.money import Balance
from donations.views.formats import TELLER
from donations.views.language import speaking
from donations.views.phrases import Phrase

_WORDS = (
    N_("Dear {name},"),
    N_("Thank you for what you gave us: {sum}. Without you we could not do this work."),
    "{organisation}",
)


def words_of_thanks(wanted: ToThank, *, organisation: str) -> str:
    """Return the words, three short paragraphs."""
    sums = tuple(Balance(minor, currency) for currency, minor in wanted.sums)
    values = (("name", wanted.name), ("sum", sums), ("organisation", organisation))
    with speaking(wanted.language):
        return "\n\n".join(TELLER.tell(Phrase(said, values)) for said in _WORDS)
