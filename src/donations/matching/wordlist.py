"""The words that speak against a gift or for one, and what kind of word a word is: this list only.

Source: what people wrote on transfers to Estonian associations (the table of texts in `tests/matching/texts.tsv` and
what was found before it), gone through beside the purposes of ISO 20022 (external purpose codes: SALA, LOAN, RENT,
INSU, GDDS, SUBS ...), so that no kind of payment is forgotten. All words are folded as `core.keyword.fold` folds.

How a word is written here: `pilet` is just that; `tagast*` begins a word, `*tagast*` is anywhere in it; `arve+` is a
noun's stem that ends in a vowel, in its Estonian cases (not the abessive, which says that there is none); `*arve+` is
also the end of a longer word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from donations.core.keyword import Keyword, forms_of


class WordSense(StrEnum):
    """What a word does to the keyword beside it."""

    DENIES = "denial"
    """Takes back what its clause says: `annetus see küll ei ole`."""
    DENIES_NEXT = "denies_next"
    """Takes back what follows it: `mitte annetus`, `annetus, mitte arve`."""
    RETURNS = "return"
    WITHDRAWS = "withdrawal"
    GIVES_UP = "gives_up"
    """Withdraws what its clause names: `loobun annetusest`, not `loobusime lilledest`."""
    ERRS = "error"
    INSTEAD_OF_LAST = "instead_of_last"
    """Of the word before it: `annetuse asemel`."""
    INSTEAD_OF_NEXT = "instead_of_next"
    """Of what follows it: `instead of a donation`, `v.a annetus`."""
    PURPOSE = "purpose"
    """What the money is for instead."""
    PURPOSE_OR_USE = "purpose_or_use"
    """Likewise, unless it is what the gift is to be spent on: `annetus üüri maksmiseks`."""
    GOODS = "goods"
    """What is bought where money comes in return for it: `raamatu eest`."""
    FILLS = "filler"
    """Says nothing by itself, so that a denial beside it denies what was said before: `see ei ole`."""
    TURNS = "turns"
    """Begins a clause without a comma: `pole palju aga annetus`."""
    THANKS = "thanks"
    """What people write who give."""


WORDS: dict[WordSense, str] = {
    WordSense.DENIES: """
        ei pole polnud polegi poleks ega ära ärge ärgu ärgem
        isnt isn't arent aren't wasnt wasn't werent weren't dont don't doesnt doesn't didnt didn't cant can't cannot
        couldnt couldn't wont won't wouldnt wouldn't shouldnt shouldn't havent haven't hasnt hasn't aint ain't
        never neither nor
        не нет ни никак никако* никогда нельзя вовсе ne net njet
        nicht nein nie niemals
    """,
    WordSense.DENIES_NEXT: """
        mitte ilma
        no not non none without nope
        без bez
        kein keine keinen keiner keinerlei ohne
    """,
    WordSense.RETURNS: """
        *tagast* *tagasimak* tagasi*
        refund* return returns returned reversal reversals reversed reverse reject* bounced chargeback* storno
        storneer* recall recalled dispute* overpaid overpay* enammaks* ülemaks* переплат*
        возвра* обратно вернут* вернит* вернул* вернем* вернём* верну вернуть отклон* vozvra*
        rückzahl* rückerstatt* rückgabe* rückbuch* rücküberweis* zurück*
    """,
    WordSense.WITHDRAWS: """
        tühista* tühistu* annul* kehtetu*
        cancel cancels cancelled canceled cancelling canceling cancellation cancelation revoke revoked
        withdraw withdrawn withdrawal withdrew void voided
        отмен* отмён* аннулир* отозва* отзыв* недейств* передума*
        storniert stornierung widerruf*
    """,
    WordSense.GIVES_UP: """
        loobun loobume loobub loobusi* loobumi* loobuda loobuge loobunud katkesta* keeldu* tagane* lõpetan lõpetame
        lõpetada peatan peatame peatada
        back stop stopped отказ*
    """,
    WordSense.ERRS: """
        eksli* eksikombe* eksitus* eksisi* eksis eksinud valekonto* valemakse* valesaaja* vale valele valel valelt
        valesti valet valed viga vea veaga veast vigane
        kogemata juhuslikult topeltmakse* topeltülekan* pettus*
        mistake mistakes mistaken mistakenly error errors erroneous* wrong wrongly accidental accidentally
        inadvertent*
        unintended unintentional* unauthori* fraud* duplicate duplicated
        ошиб* неверн* неправильн* случайно перепут* дубл* oshib*
        irrtum* irrtüm* versehen* fehler falsch*
    """,
    WordSense.INSTEAD_OF_LAST: "asemel asemele",
    WordSense.INSTEAD_OF_NEXT: """
        arvatud väljaarvatud selmet except excluding вместо взамен кроме исключая statt anstatt anstelle
    """,
    WordSense.PURPOSE: """
        arve+ arved arvenr arvenu* faktuura* pileti* pilet piletid piletei* *pilet *pileti+ *pileteid
        leping lepingu+ *leping *lepingu+ laen laenu+ *laen *laenu+ võlg võlga võlad võla* võlgne* krediit krediidi+
        liising liisingu* laenu* intress intressi+ viivis*
        *maks maksu+ *maksu+ *tasu+ ettemaksa* ettemakse* sissemaksu+ tellimus tellimuse+ tellimust deposiit
        deposiidi+ tagatis* käsiraha avanss avansi+ broneer* bronn
        *väljamaks* loterii* pääse pääsme+ pääsmed festivalipass* abonement* majutus* elatis* alimen* päevaraha*
        lähetus*
        osakapital* aktsiakapital* rendimakse+ üürimakse+ ostutehing* proforma* oksjon oksjoni+ kinkekaart
        kinkekaardi+ sponsorlus* trahv trahvi+ *trahv lõiv *lõiv lõivu+ riigilõiv*
        hüvitis hüvitise+ hüvitist hüvitami* kahjutasu kompensats* honorar honorari+ dividend* vekst*
        ostet* ostsin ostsime müüdud tsärk tsärgi
        invoice* ticket tickets membership memberships loan loans debt debts deposit deposits prepayment prepaid
        fee fees settlement settlements payout payouts contract contracts agreement subscription* tuition
        reimbursement reimburse* compensation commission commissions lottery raffle auction* booking bookings
        reservation merchandise goods dues mortgage lease leasing alimony admission royalties dividend dividends
        catering entry entrance shop webshop merch hoodie hoodies
        voucher vouchers repay* penalty sponsorship sponsoring accommodation charges taxes vat tshirt
        фактур* инвойс* билет* займ* заем заём кредит* долг долга долгу долги долгов долгом членск*
        заказ* товар товара товары товаров товаром договор* контракт* процент* выплат* комисси* штраф* налог*
        подписк* залог* депозит* лотере*
        аванс* предоплат* компенсац* возмещ* аукцион* проданн* алимент* ипотек* лизинг* преми* пошлин* задолжен*
        доставк* абонем* путевк* путёвк*
        спонсорск* наклад*
        schet faktura bilet bileta zarplata dolg oplata
        rechnung* darlehen* mitgliedsbeitrag* vertrag* bestellung* gebühr* eintrittskarte*
    """,
    WordSense.PURPOSE_OR_USE: """
        palk palka palga+ palgad töötasu+ preemia preemiat üür üüri+ *üür *üüri+ rent renti rendi+ ruumirent
        saalirent autorent ost ostu+ *arve+
        kaup kaupa kauba+ kaubad müük müüki müügi+ kindlustus kindlustuse+ kindlustust *kindlustus *kindlustuse+
        reklaam reklaami+ koolitus koolituse+ koolitust teenus teenuse+ teenust teenused kommunaalid kommunaalmaks*
        salary salaries wage wages payroll rent rental rents purchase purchases purchased sales hire insurance
        advertising
        advertisement
        зарплат* аренд* покупк* оплат* плата платы услуг* страхов* реклам* счет счёт счета счёта счету счёту счетом
        miete gehalt lohn kauf versicherung*
    """,
    WordSense.GOODS: """
        särk särgi särgid raamat raamatu raamatud raamatute kalender kalendri kalendrid kruus kruusi tass tassi tassid
        kott koti kotid maal maali plaat plaadi märk märgi käsitöö koogi kook kohvi toidu
    """,
    WordSense.FILLS: """
        see seda sel selle sellest sellega selleks on ole oli olnud olema olla oleks tegu tegemist kuulu kehti ma mina
        mu me meie sa te ta nad küll enam üldse ju nüüd siis kahjuks kindlasti kunagi mingi mingit mingil mingisugune
        juhul tegelikult hoopis vist palun saa saanud teha tee teinud loe loeta lugeda lugege arvesta arvestage
        arvestada kanna kehtiv mõeldud soovi taha tehke kas sellega siin seal juttu juttugi sugugi päriselt tõesti
        muidugi loomulikult igatahes niisama
        lihtsalt käsitleda käsitle käsitleta märkida märgi märkige
        it this that these those is was are were be been being a an the my our your any really meant counted count as
        please sorry longer more anymore at all do does i we so actually certainly definitely absolutely way chance
        treat qualify
        это эта этот этого было был была быть есть же уж совсем пожалуйста к сожалению больше моё мое моя наше так
        считать является
        das ist es war mehr leider
    """,
    WordSense.TURNS: "vaid aga kuid but а но зато sondern aber",
    WordSense.THANKS: """
        aitäh aitähh tänu tänud tänuga tänan täname suur suured toetus* toetan toetame toetada toetuseks kingitus*
        kink
        kingi annetan annetame anneta* aitan aitame aidata abi abiks heategevus* panus panuse panusta* jõudu jaksu edu
        õnne õnnitl* jätkake jätkuks tubli tublid armas armastus* heaks head hea südamest rõõmu kallid kalli
        rahu lastele loomadele jõule jõulud pühi sünnipäev* mälestus* pai päikest kiitus
        thank thanks thankyou thx support* gift* charity help helping keep great good luck wishes love bless cheers
        kudos
        спасибо поддерж* помощь помочь помога* подарок благодар* благотвор* удачи успех* успеха добра добро любим*
        здоровья
    """,
}
"""Where a word is of several kinds, the first one counts."""

HARMLESS = """
    *otstarve* *otstarb* tagasihoid* tagasisid* tagasivaa* tagasitul* tagasitee tagasipöör*
    *sarve+ arvel arvele arvelt maks müügist laenutus* krediitkaar*
"""
"""Words that the patterns above would take for others. `arvel` is also an account and a name;
with a number it is one of `PHRASES`."""

PHRASES: dict[WordSense, tuple[str, ...]] = {
    WordSense.PURPOSE: (
        r"arve(?:le|lt?)\s?(?:nr\.?\s?|#)?[0-9]",
        r"(?:order|bill|inv)\.?\s?(?:no\.?\s?|nr\.?\s?|number\s|#\s?)?[0-9]",
        r"gift (?:card|voucher)s?|(?:advance|down) payment|pro forma|sale of",
        r"interest (?:payment|rate)s?",
        r"t-?\s?(?:särk|särgi|shirt)[^\W\d_]{0,4}",
        r"сч[её]т-фактур[а-я]{0,3}",
    ),
    WordSense.RETURNS: (
        r"r-t(?:ehing|ransaction)[^\W\d_]{0,4}",
        r"charge back",
        r"(?:money|pay|paid|sen[dt]|transfer(?:red)?) back",
    ),
    WordSense.WITHDRAWS: (
        r"m[õo](?:tlesi|elnu)[^\W\d_]{1,3} ümber",
        r"ümber m[õo](?:tlesi|elnu)[^\W\d_]{1,3}",
        r"changed (?:my|our) mind",
    ),
    WordSense.INSTEAD_OF_NEXT: (
        r"(?:instead|in place|in lieu) of",
        r"rather than",
        r"(?<![^\W\d_])v\.?\s?a\.?(?![^\W\d_])",
    ),
}
"""Patterns for what takes more than a word; each begins and ends where a word does."""

PHRASES_BEGIN = frozenset(
    """
    arvel arvele arvelt order bill inv interest gift advance down pro sale t r charge money pay paid send sent
    transfer
    transferred mõtlesin mõtlesime motlesin mõelnud moelnud ümber changed in instead rather v null zero ноль нуль
    """.split()  # noqa: SIM905 - a list of words reads as text
)
"""The words that these begin with, where they are not telling by themselves."""

IDIOMS = (
    r"no\.?\s?(?=[0-9])",
    r"no (?:problem|name|need|worries)",
    r"happy returns",
    r"in return(?! for)",
    r"back to",
    r"giving back",
    r"(?:на|за|с) (?:ваш |наш )?сч[её]т[а-я]*",
)
"""What looks like one of the words above and says nothing of the kind."""

CUT_APART = (
    *(
        "tagastus",
        "tagastam",
        "tagastan",
        "tagastat",
        "tagastad",
        "tagastag",
        "tagasimak",
        "tühista",
        "tühistu",
        "ekslik",
    ),
    *("mitte", "refund", "returned", "cancel", "mistake", "возврат", "отмен", "ошиб"),
)
"""Beginnings of words that are recognised though a blank or a line break stands in them: `tagas tamine`."""

FOR_USE_BEFORE = frozenset({"for", "towards", "toward", "pay", "cover", "buy", "на", "для"})
FOR_USE_BEHIND = frozenset({"jaoks", "heaks", "tarvis", "katteks", "toetuseks", "abiks", "fondi"})
"""Beside a purpose, they say that the gift is to be spent on it; so does the translative (`rendiks`, `maksmiseks`)."""
IN_RETURN = frozenset({"eest"})
"""Behind goods: money in return for them."""

ORDINARY = """
    arve arved ülekanne makse maksed maksmine tasu teenus teenustasu leping palk töötasu üür rent laen kulu
    kulud kulude hüvitis tagastus tagasi raha sularaha kaart kaardimakse liikmemaks osalustasu osavõtutasu pilet
    piletid kaup ost ostud tellimus konto saldo selgitus eest kuu jaanuar veebruar märts aprill mai juuni juuli august
    september oktoober november detsember tere aitäh tänan palun
    invoice payment transfer fee fees salary rent loan refund cash card ticket tickets order account bank thanks
    member membership month
    счет счёт оплата платеж платёж перевод услуга услуги зарплата аренда возврат билет взнос спасибо
"""
"""Words that ordinary transfers carry: as a keyword, one of them would turn invoices and fees into gifts."""


WORD = re.compile(r"[^\W\d_]+(?:['’ʼ´`][^\W\d_]+)?")
_NEUTRAL = frozenset({None, WordSense.FILLS, WordSense.TURNS, WordSense.THANKS})
_BEFORE_ENDING = 3
"""A word that ends as one of the list has at least so many letters more: `müügiarve`, not `karve`."""


@dataclass(slots=True)
class _Patterns:
    """The ways in which the words of one kind are recognised."""

    whole: set[str] = field(default_factory=set)
    beginnings: tuple[str, ...] = ()
    insides: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    @classmethod
    def of(cls, words: str) -> _Patterns:
        found = cls()
        for written in words.split():
            stem = written.strip("*+")
            every = forms_of(Keyword(stem)).accepted if written.endswith("+") else (stem,)
            if written.startswith("*") and written.endswith("*"):
                found.insides += every
            elif written.endswith("*"):
                found.beginnings += every
            else:
                found.whole |= set(every)
                found.ends += every if written.startswith("*") else ()
        return found

    def has(self, word: str) -> bool:
        return (
            word in self.whole
            or word.startswith(self.beginnings)
            or any(inside in word for inside in self.insides)
            or any(word.endswith(end) and len(word) >= len(end) + _BEFORE_ENDING for end in self.ends)
        )


_HARMLESS = _Patterns.of(HARMLESS)
_KINDS = tuple((kind, _Patterns.of(words)) for kind, words in WORDS.items())


@lru_cache(maxsize=100_000)
def sense_of(word: str) -> WordSense | None:
    """Return what kind of word it is."""
    plain = re.sub("[’ʼ´`]", "'", word)
    if _HARMLESS.has(plain):
        return None
    return next((kind for kind, patterns in _KINDS if patterns.has(plain)), None)


_CUT_OFF = frozenset(word[:end] for word in CUT_APART for end in range(1, len(word)))


@lru_cache(maxsize=100_000)
def may_speak_against(word: str) -> bool:
    """Whether a word may speak against a keyword: by itself, as the first one of a phrase, or cut apart."""
    return sense_of(word) not in _NEUTRAL or word in _CUT_OFF or word in PHRASES_BEGIN


_WORDS = frozenset(ORDINARY.split())


def is_ordinary(keyword: Keyword) -> bool:
    """Whether people write this word on transfers that are no gifts."""
    return keyword in _WORDS
