"""What givers write beside their money: the keyword, the keyword misspelt, or something friendly without it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from donations.demo.movement import MEADOW_REFERENCE
from donations.demo.people import Giver, Tongue

_PLAIN = {
    Tongue.ESTONIAN: (
        *("Annetus",) * 8,
        *("annetus",) * 5,
        "ANNETUS",
        "ANNETUS!",
        "Annetus rohutirtsule",
        "Igakuine annetus",
        "annetuseks",
        "Annetus, jõudu teile!",
        "Väike annetus kevadeks",
        "Annetus :)",
    ),
    Tongue.RUSSIAN: ("Annetus", "Annetus", "annetus", "ANNETUS", "Пожертвование", "Annetus, спасибо!"),
    Tongue.ENGLISH: ("Donation", "Donation", "donation", "Annetus", "Donation to your portal"),
}
_MISSPELT = ("Annetsu", "anetus", "annetud", "Annettus", "Püsiannetus", "An netus", "annets", "Анnetus", "Anntus")
_WITHOUT = (
    "Toetus",
    "toetan teid",
    "Aitäh töö eest!",
    "Palju õnne sünnipäevaks",
    "Rohutirts",
    "Hea portaal, jätkake",
    "",
    "Kingitus",
    "спасибо",
)
_FOR_THE_MEADOW = ("Niidufond", "niidufond", "Niidufondi heaks", "NIIDUFOND", "Niidufondile, kasvagu!")
_BESIDE_REFERENCE = ("niidu heaks", "kevadkampaania", "", "lilledele")

_SEVERAL = "Annetus ja Niidufond"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text with a reference, and why a person has to read it; empty where the rules see what it is for."""

    text: str
    reference: str = ""
    why: str = ""


def plain(giver: Giver, random: Random) -> Wording:
    """Write the keyword so that the rules find it."""
    text = random.choice(_PLAIN[giver.tongue])
    return Wording(text=f"{text} {giver.party.code}" if giver.writes_code else text)


def odd(random: Random) -> Wording:
    """Write something that a person has to read."""
    if random.random() < 0.5:
        return Wording(text=random.choice(_MISSPELT), why="A slip of the pen: the word is our keyword.")
    return Wording(text=random.choice(_WITHOUT), why="Wrote back that it is a gift.")


def for_the_meadow(random: Random) -> Wording:
    """Write the second appeal's keyword, its reference number, or now and then both appeals at once."""
    chosen = random.random()
    if chosen < 0.5:
        return Wording(text=random.choice(_FOR_THE_MEADOW))
    if chosen < 0.98:
        return Wording(text=random.choice(_BESIDE_REFERENCE), reference=MEADOW_REFERENCE)
    return Wording(text=_SEVERAL, why="Gave during the campaign: it is for the meadow.")
