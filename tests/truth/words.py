"""Names of people and texts of payments: gifts beyond doubt, other money beyond doubt, and what nobody can know."""

from __future__ import annotations

GIVEN = (
    *("Mari", "Jaan", "Anu", "Toomas", "Liis", "Õie", "Ülle", "Kalev", "Tiina", "Priit", "Külli", "Rein", "Leelo"),
    *("Uku", "Maarja-Liis", "Žanna", "Sergei", "Irina", "Katrin", "Peeter"),
)
SURNAMES = (
    *("Tamm", "Saar", "Sepp", "Mägi", "Kask", "Kukk", "Rebane", "Ilves", "Pärn", "Koppel", "Õun", "Järv", "Vaher"),
    *("Raudsepp", "Žukov", "Petrova", "Lepik", "Oja", "Kivi", "Põld"),
)
COMPANIES = ("Päikesekaar OÜ", "Rukkilill AS", "Metsatöö OÜ", "Kalamaja Pagar OÜ", "Viljandi Puit OÜ")
SUPPLIERS = ("Telia Eesti AS", "Trükikoda Täht OÜ", "Elektrilevi OÜ", "Raamatupidaja Abi OÜ", "Kinnisvara Haldus OÜ")
INSTITUTIONS = (
    # Name, registry code, country of the account: they pay for others or pay out, and give nothing themselves.
    ("Wise Europe SA", "", "BE"),
    ("Revolut Bank UAB", "", "LT"),
    ("Paysera LT, UAB", "", "LT"),
    ("PayPal (Europe) S.a r.l. et Cie, S.C.A.", "", "LU"),
    ("AS SEB Pank", "10004252", "EE"),
    ("Swedbank AS", "10060701", "EE"),
)
PAYERS_OUT = (
    ("Montonio Finance UAB", "", "LT"),
    ("Maksekeskus AS", "12268475", "EE"),
    ("Stripe Payments Europe Limited", "", "IE"),
)
PUBLIC_BODIES = (
    ("Kultuuriministeerium", "70000941"),
    ("Tallinna Linnavalitsus", ""),
    ("Viljandi Vallavalitsus", "75038606"),
    ("Eesti Kultuurkapital", ""),
)

GIFTS = (
    *("Annetus", "annetus", "ANNETUS", "Annetus.", "annetuseks", "Annetuseks!", "minu annetus", "Minu annetus, aitäh"),
    *("igakuine annetus", "annetus portaalile", "väike annetus", "Annetus heaks tööks", "ANNETUS - JÕUDU", "annetused"),
    *("annetust teile", "Annetus aprillis", "annetus/donation", "Annetus #12", "tagasihoidlik annetus", "pere annetus"),
    *("Tänan töö eest, annetus", "annetusega abiks", "annetus Teie tegevuse toetuseks", "annetus, jätkake nii"),
)
STANDING = ("Annetus", "igakuine annetus", "annetus portaalile", "ANNETUS")
"""What stands in standing orders: the same each time."""
OTHER_MONEY_IN = (
    *("Arve 118", "Arve 2026-31 koolitus", "liikmemaks 2026", "Liikmemaks, Tamm", "osalustasu suvekool"),
    *("Pilet kontserdile 2 tk", "üür aprill", "T-särk M, 20 eur", "tagastus e-poest", "palk märts"),
    *("Annetuskarp, arve 31", "annetuskontserdi pilet", "see ei ole annetus", "mitte annetus, vaid osalustasu"),
    *("annetuse tagastus", "laen (mitte annetus)", "Arve 17, v.a annetus", "annetus? Ei, liikmemaks"),
    *("annetuste kogumise teenus, arve 8", "annetus tühistatud, arve 5", "Refund order 881 annetus"),
)
UNDECIDABLE = ("", "-", "aitäh!", "toetus", "Makse", "kingitus", "jõudu!", "sõbralt", "5 eur", "täname", "ülekanne")
"""Truly a gift or not: nothing in the payment tells."""
COSTS = ("Arve 7718", "Kontoritarbed", "Rent aprill", "Arve nr 33-2", "Trükised", "Elekter märts", "Veebimajutus")
REFUNDS = ("Annetuse tagastus", "annetuse tagastamine", "Tagastame annetuse", "annetus tagasi palvel", "Tagastus")
PRINTED = ("Arve 12 annetuskarbid", "Arve 40 annetuskastid", "Arve 9 kleebised")
"""What we pay for with words that look like gifts; when it comes back it is none."""
PAYOUTS = ("Väljamakse 01.03-15.03", "Payout 8812", "annetused veebist, väljamakse", "Settlement")
OWN = ("Ülekanne", "Reservi", "oma kontole", "Kogumiskonto", "Annetused arvelduskontole", "")
GRANTS = ("Toetusleping 12-4", "toetus", "Annetus", "Projektitoetus 2026")
