"""Words that ordinary transfers carry: as a keyword, one of them would turn invoices and fees into gifts."""

from __future__ import annotations

from donations.core.keyword import Keyword

_WORDS = frozenset(
    """
    arve arved ülekanne makse maksed maksmine tasu teenus teenustasu leping palk töötasu üür rent laen kulu
    kulud kulude hüvitis tagastus tagasi raha sularaha kaart kaardimakse liikmemaks osalustasu osavõtutasu pilet
    piletid kaup ost ostud tellimus konto saldo selgitus eest kuu jaanuar veebruar märts aprill mai juuni juuli august
    september oktoober november detsember tere aitäh tänan palun
    invoice payment transfer fee fees salary rent loan refund cash card ticket tickets order account bank thanks
    member membership month
    счет счёт оплата платеж платёж перевод услуга услуги зарплата аренда возврат билет взнос спасибо
    """.split()  # noqa: SIM905 - a list of words reads as text
)


def is_ordinary(keyword: Keyword) -> bool:
    """Whether people write this word on transfers that are no gifts."""
    return keyword in _WORDS
