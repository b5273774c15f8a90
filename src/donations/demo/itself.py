"""What the made-up association says of itself, in three languages."""

from __future__ import annotations

from datetime import date, datetime

from donations.acts.describing import Described, describe
from donations.core.language import Language
from donations.demo.movement import GENERAL, MEADOW
from donations.store.association import InLanguages, Presence, call_in_languages
from donations.store.organisation import Beliefs, Contact, FinancialYear, IncentiveList, Letterhead
from donations.store.session import WriteSession

GOAL_TEXT = "Mobiilne looduskool"
_ABOUT_ITSELF = Described(
    letterhead=Letterhead(address="Niidu 1, 10000 Tallinn", signer="Kadri Näidis", role="juhatuse liige"),
    presence=Presence(
        phone="+372 000 0000",
        web="https://rohutirts.example",
        board="https://rohutirts.example/juhatus",
        about=InLanguages(
            et="Rohutirts kirjutab Eesti niitudest: kes seal elab, kes neid hoiab ja miks need kaovad. "
            "Reklaami me ei müü; lehte hoiavad lugejad.",
            en="Rohutirts writes about Estonian meadows: who lives there, who looks after them, and why they vanish. "
            "We sell no advertisements; readers keep us going.",
            ru="Rohutirts пишет об эстонских лугах: кто там живёт, кто о них заботится и почему они исчезают. "
            "Рекламу мы не продаём; издание держится на читателях.",
        ),
        deeds=InLanguages(
            et="10 eurot katab ühe lapse päeva looduskoolis. Mullu ilmus 48 lugu, ja 26 kooli sai meid külla.",
            en="10 euros pay for one child’s day at the nature school. Last year we published 48 stories and visited "
            "26 schools.",
            ru="10 евро — это день одного ребёнка в школе природы. В прошлом году вышло 48 статей, "
            "и мы побывали в 26 школах.",
        ),
        thanks=InLanguages(
            et="Aitäh, et hoiate niite koos meiega!",
            en="Thank you for looking after the meadows with us!",
            ru="Спасибо, что бережёте луга вместе с нами!",
        ),
    ),
    year=FinancialYear(first_month=1),
    incentives=IncentiveList(since=date(2020, 7, 1)),
    contact=Contact(email="info@rohutirts.example"),
    beliefs=Beliefs(),
)
_NAMES = {
    GOAL_TEXT: ("The travelling nature school", "Передвижная школа природы"),
    GENERAL: ("Our work", "На нашу работу"),
    MEADOW: ("The meadow fund", "Фонд лугов"),
    "Töötasud koos maksudega": ("Wages with the taxes on them", "Зарплата с налогами"),
    "Ruumid": ("Rooms", "Помещения"),
    "Trükk ja post": ("Printing and post", "Печать и почта"),
    "Arvutid ja tarvikud": ("Computers and supplies", "Компьютеры и принадлежности"),
    "Pangatasud": ("Bank fees", "Комиссии банка"),
}


def say_of_itself(session: WriteSession, *, by: str, now: datetime) -> None:
    """Say all of it."""
    describe(session, _ABOUT_ITSELF, by=by, at=now)
    for name, (english, russian) in _NAMES.items():
        words = {Language.ENGLISH: english, Language.RUSSIAN: russian}
        call_in_languages(session, name, words, by=by, at=now)
