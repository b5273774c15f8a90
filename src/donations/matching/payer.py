"""Who seems to pay, read the same way for every rule; and payers that are no donors.

Sources: Finantsinspektsioon, list of supervised entities (credit and payment institutions, e-money institutions), with
their registry codes in the e-Business Register (äriregister); ECB and EBA registers for those of other countries; BIC
by the banks' own pages; Estonian municipalities: EHAK 2024 (Statistikaamet), 15 cities and 64 rural municipalities,
with the towns that were municipalities before 2017. Names are folded as `core.name.name_key` folds.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from donations.core.iban import UnverifiedAccount, ValidIban
from donations.core.keyword import fold
from donations.core.name import NameKey, name_key
from donations.core.payment import Payment
from donations.core.person_code import CheckedCode, Code, UnverifiedCode, codes_in
from donations.core.statement import Counterparty

_BREAK_IN_NUMBER = re.compile(r"(?<=[0-9])(?:\r?\n|\r)(?=[0-9])")
_REGISTRY_CODE_DIGITS = 8
_MAY_BE_CODE = re.compile(r"[0-9](?:(?:\r?\n|\r)?[0-9]){7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The claims that a payment makes about who pays."""

    iban: ValidIban | None
    name: NameKey
    on_behalf_of: NameKey
    """Who really pays, where the bank says it is somebody else; empty where it is the payer."""
    stated_code: CheckedCode | None
    """The code in the file's own field."""
    text_codes: tuple[CheckedCode, ...]
    """The codes in the text, in order, without the organisation's own."""

    @property
    def code(self) -> CheckedCode | None:
        """The file's own code, else the only one in the text, which is but a hint: `Directory.code_of` decides."""
        if self.stated_code is not None:
            return self.stated_code
        return self.text_codes[0] if len(self.text_codes) == 1 else None


def is_registry_code(code: CheckedCode) -> bool:
    """Whether a checked code names an organisation."""
    return len(code) == _REGISTRY_CODE_DIGITS


def payer_of(payment: Payment, *, own_codes: AbstractSet[CheckedCode] = frozenset()) -> Payer:
    """Return who seems to pay; the organisation's own codes, which donors copy from its page, name nobody."""
    return payer_from(payment.counterparty, text_codes(payment.text, own_codes))


def payer_from(other: Counterparty, codes: tuple[CheckedCode, ...]) -> Payer:
    """Return who seems to pay, by the other side and the codes in the text."""
    name, really = name_key(other.name), name_key(other.on_behalf_of)
    return Payer(
        iban=None if isinstance(other.account, UnverifiedAccount) else other.account,
        name=name,
        on_behalf_of=really if really != name else NameKey(""),
        stated_code=None if isinstance(other.code, UnverifiedCode) else other.code,
        text_codes=codes,
    )


def text_codes(text: str, own_codes: AbstractSet[CheckedCode] = frozenset()) -> tuple[CheckedCode, ...]:
    """Return the codes in a text, in order, without the organisation's own."""
    return tuple(code for code in _codes(fold(text)) if code not in own_codes)


def claimed_code(
    stated: Code | None, text: str, *, own_codes: AbstractSet[CheckedCode] = frozenset()
) -> CheckedCode | None:
    """Return the code that may be the payer's: the file's own where it is checked, else the only one in the text."""
    if stated is not None and not isinstance(stated, UnverifiedCode):
        return stated
    found = text_codes(text, own_codes)
    return found[0] if len(found) == 1 else None


def _codes(folded: str) -> tuple[CheckedCode, ...]:
    """Find codes as written; a code that the bank cut at its column is only believed where none stands whole."""
    if _MAY_BE_CODE.search(folded) is None:
        return ()
    joined = _BREAK_IN_NUMBER.sub("", folded)
    return codes_in(folded) or (codes_in(joined) if joined != folded else ())


REGISTRY_CODES = frozenset(
    """
    10060701 10004252 10539549 11315936 10237832 10183757 12001988 10237984 14080830 11971924 11488826
    12268475 12280690
    """.split()  # noqa: SIM905 - a list of codes reads as text
)
"""Swedbank, SEB, LHV, Luminor, Coop, Bigbank, Inbank, TBB, Holm, Citadele, OP; Maksekeskus, EveryPay."""

BIC_PREFIXES = (
    *("habaee", "habalv", "habalt", "eeuhee", "unlalv", "cbviltdx", "lhvbee", "rikoee", "rikolv", "agbllt", "ekrdee"),
    *("bigkee", "inbaee", "tabuee", "holmee", "parxee", "parxlv", "okoyee", "okoyfi", "ndeafi", "dabafi", "eparee"),
    *("trwi", "revo", "evis", "ntsbde", "klrn", "stpu", "pplx", "bunq"),
)
"""A name may be the bank's own BIC."""

BRANDS = frozenset(
    word.replace("_", " ")
    for word in """
    swedbank seb lhv luminor coop bigbank inbank tbb holm citadele op op_pohjola nordea danske handelsbanken svenska
    pohjola dnb eesti_pank lietuvos latvijas siauliu urbo medicinos rietumu blueorange industra signet
    raiffeisen sparkasse commerzbank deutsche ing rabobank barclays hsbc santander bnp_paribas citibank
    wise transferwise revolut paysera montonio maksekeskus makecommerce everypay stripe paypal klarna n26 bunq monese
    lunar vivid curve payoneer skrill paysafe neteller payu adyen mollie sumup zettle izettle nets nexi worldline
    elavon trustly brite zimpler kevin paytailor decta nuvei checkout checkoutcom square fondy igaming verifone
    bankart handpoint concardis mypos viva vivawallet unzer ppro safecharge esto indivy genome mistertango sepaga
    contis treezor solaris solarisbank swan modulr clearjunction clear_junction banking_circle ebury currencycloud
    western_union moneygram remitly azimo worldremit xoom
    facebook meta facebookpay google apple amazon gofundme benevity donorbox patreon betterplace justgiving globalgiving
    paypal_giving_fund hooandja fienta piletilevi piletimaailm anneta_ee givebutter
    """.split()  # noqa: SIM905
)
"""What is left of the name without legal forms, countries and words of the trade; never with a person's name."""

TRADE_WORDS = frozenset(
    """
    as ou uab ab sia sa se nv bv ag gmbh ltd limited llc plc inc oy oyj oyi abp spa sarl a s r l c et cie publ corp co
    company pank pangad bank banka bankas banks banking europe eu european baltic baltics eesti estonia estonian latvia
    latvija lt lv ee lietuva lithuania finland suomi sverige ireland uk international intl group holding finance
    financial payments payment pay pays services service technology technologies tech solutions systems corporate
    branch filiaal filialas filiale eestis europa eastern central limitedbranch money transfer emi issuing processing
    kindlustus elukindlustus insurance varahaldus liising leasing elu ja and p and the merchant merchants acquiring
    platforms payout payouts settlement settlements valjamakse maksed makse maksevahendus foundation fund
    """.split()  # noqa: SIM905
)

MUNICIPALITIES = frozenset(
    word.replace("_", " ")
    for word in """
    haapsalu keila jarve_kohtla loksa maardu narva joesuu_narva paide parnu rakvere sillamae tallinn tallinna tartu
    viljandi voru kuressaare jogeva polva rapla valga sindi elva tapa torva turi kunda saue poltsamaa otepaa rapina
    abja_paluoja antsla karksi_nuia kallaste kehra kardla lihula mustvee moisakula paldiski pussi jaani_suure vohma
    johvi kivioli tamsalu
    alutaguse anija haljala harku hiiumaa haademeeste joelahtme jarva kadrina kambja kanepi kastre kehtna kihnu kiili
    kohila kose kuusalu luunja laaneranna harju_laane laane_nigula luganuse muhu mulgi marjamaa noo peipsiaare
    parnumaa_pohja pohja_sakala raasiku rae rouge ruhnu saarde saaremaa saku setomaa toila tori viimsi vinni
    nigula_viru vormsi maarja_vaike
    """.split()  # noqa: SIM905
)
"""`Tartu linn` and `Rae vald` are bodies; `Mari Linn`, `Jaan Vald` and `Kalle Amet` are people."""

MUNICIPAL_WORDS = frozenset({"linn", "linna", "vald", "valla", "city", "municipality", "gorod"})

PUBLIC_WORDS = frozenset(
    """
    valitsus linnavalitsus vallavalitsus linnakantselei vallakantselei volikogu linnavolikogu vallavolikogu linnaosa
    kultuurkapital tootukassa haigekassa tervisekassa sotsiaalkindlustusamet prefektuur prokuratuur riigikogu
    kohtutaitur kohtutaiturid pankrotihaldur kaitsevagi kaitseressursside keskkonnainvesteeringute
    ministry ministeerium municipality government embassy saatkond suursaatkond consulate
    ministerstvo posolstvo konsulstvo merija
    """.split()  # noqa: SIM905
)
PUBLIC_ENDINGS = ("ministeerium", "valitsus", "kultuurkapital", "inspektsioon", "kantselei", "volikogu")
PUBLIC_ENDINGS_LONG = ("amet", "kohus")
"""Only of words with nine and more letters: `tolliamet`, `maakohus` is one of the words above; `Mohamet` is a name."""
PUBLIC_BEGINNINGS = ("riigi", "kohtutaitur")
PUBLIC_NAMES = tuple(
    frozenset(name.split())
    for name in (
        *(
            "maa amet",
            "veeteede amet",
            "patendi amet",
            "tehnilise jarelevalve amet",
            "eesti vabariik",
            "harju maakohus",
        ),
        *("viru maakohus", "tartu maakohus", "parnu maakohus", "european commission", "euroopa komisjon"),
        *("kodanikuuhiskonna sihtkapital", "ettevotluse innovatsiooni sihtasutus", "customs tax board"),
    )
)


_BIC = re.compile(r"[a-z]{6}[a-z0-9]{2}(?:[a-z0-9]{3})?")
_LONG = 9


class NoDonor(StrEnum):
    """What pays where no donor does; stable codes."""

    BANK = "bank"
    """A bank or a payment institution: the giver behind it is not named."""
    PUBLIC = "public_body"
    """A state or municipal body: a grant, most likely."""


def no_donor(payer: Payer) -> NoDonor | None:
    """Return what kind of institution seems to pay, whoever stands behind it; None for people and others."""
    if payer.stated_code in REGISTRY_CODES:
        return NoDonor.BANK
    for code in (payer.stated_code, *payer.text_codes):
        if code is not None and code[0] == "7" and is_registry_code(code):  # state and municipal bodies (RIK)
            return NoDonor.PUBLIC
    return _by_name(payer.name)


@lru_cache(maxsize=100_000)
def _by_name(name: NameKey) -> NoDonor | None:
    words = name.split()
    if not words:
        return None
    left = " ".join(word for word in words if word not in TRADE_WORDS and not word.isdigit())
    is_bank = left in BRANDS or (not left and not {"pank", "bank", "banka"}.isdisjoint(words))
    if is_bank or (_BIC.fullmatch(name) is not None and name.startswith(BIC_PREFIXES)):
        return NoDonor.BANK
    return NoDonor.PUBLIC if _is_public(words) else None


def _is_public(words: list[str]) -> bool:
    every = set(words)
    place = " ".join(word for word in words if word not in MUNICIPAL_WORDS and word != "of")
    if place in MUNICIPALITIES and not every.isdisjoint(MUNICIPAL_WORDS):
        return True
    return (
        not every.isdisjoint(PUBLIC_WORDS)
        or any(
            word.endswith(PUBLIC_ENDINGS)
            or word.startswith(PUBLIC_BEGINNINGS)
            or (len(word) >= _LONG and word.endswith(PUBLIC_ENDINGS_LONG))
            for word in words
        )
        or any(name <= every for name in PUBLIC_NAMES)
    )
