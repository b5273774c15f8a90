"""Papers for one donor: a certificate with the figures as they were frozen, and the letter."""

from __future__ import annotations

from donations.acts.certificate import CertificateState, Issued, Sums
from donations.core.calendar import day_of
from donations.core.language import N_
from donations.core.money import Balance
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.documents.printed import Imprint, cells_of, typeset
from donations.reports.association import Association
from donations.reports.letter import Letter
from donations.store.association import Logo
from donations.views.formats import TELLER
from donations.views.language import speaking
from donations.views.phrases import Phrase, Teller, Value


def letter_paper(letter: Letter, imprint: Imprint, own: Association, own_logo: Logo | None) -> bytes:
    """Return the letter as PDF under the association's head; the imprint speaks its language."""
    told = letter.translated(imprint.teller)
    code = Phrase(_REGISTRY_CODE, (("code", own.registry_code),))
    lines = (
        imprint.teller.tell(code) if own.registry_code else "",
        *(own.address, own.contact.email, own.presence.phone, own.presence.web),
    )
    return typeset(
        "letter.typ",
        {
            **imprint.data(told.title),
            "letterhead": list(filter(None, lines)),
            "paragraphs": list(told.paragraphs),
            "parts": [{"title": part.title, **cells_of(part, imprint.teller)} for part in told.parts],
        },
        own_logo,
    )


_TITLE = N_("Certificate of gifts, {year}")
_NUMBER = N_("No. {number}")
_SENTENCE = N_("{organisation} confirms that {donor} gave {sum} in {year}.")
_THANKS = N_("Thank you for your support!")
_CODE = N_("Personal or registry code: {code}")
_SAMPLE = N_("A sample: it is not issued and proves nothing.")
_REPLACES = N_("It replaces these certificates: {numbers}.")
_VOID = N_("This certificate is void: what it says is not what the books say any more.")
_REPLACED = N_("This certificate is void. It was replaced by No. {number}.")
_GROUND = N_(
    "The gifts were received on the association’s bank accounts; the sums are counted from its bank statements."
)
_ISSUED = N_("Issued on {day}")
_REGISTRY_CODE = N_("Registry code {code}")
_FINGERPRINT = N_("Fingerprint: {digest}")
_COLUMNS = (N_("Day"), N_("Appeal"), N_("Amount"))
_REFUND = N_("Refund")
_TOTAL = N_("Total")


def file_name(issued: Issued) -> str:
    """Return the name of a paper's file: its number, and nobody's name."""
    return f"{issued.certificate.number}.pdf"


def paper(issued: Issued, *, logo: Logo | None = None, code: str = "", is_sample: bool = False) -> bytes:
    """Return the certificate as PDF in the language that it was issued in. Raises `Refusal`: `name_erased`.

    The donor's code is no part of what was issued: it stands there as it is known when the paper is set.
    """
    with speaking(issued.certificate.language):
        return _paper(issued, TELLER, logo, code, is_sample=is_sample)


def _paper(issued: Issued, teller: Teller, own_logo: Logo | None, code: str, *, is_sample: bool) -> bytes:
    found = issued.certificate
    kept = found.kept
    if kept.name is None:
        raise Refusal(DonorCode.NAME_ERASED)

    def say(said: str, **values: Value) -> str:
        return teller.tell(Phrase(said, tuple(values.items())))

    issuer = found.issuer
    imprint = Imprint(
        organisation=issuer.organisation, language=found.language, teller=teller, made_on=day_of(kept.issued_at)
    )
    own_code = say(_REGISTRY_CODE, code=issuer.registry_code) if issuer.registry_code else ""
    sums = spelt(found.sums, teller)
    return typeset(
        "certificate.typ",
        {
            **imprint.data(say(_TITLE, year=str(kept.year))),
            "letterhead": [each for each in (own_code, issuer.address) if each],
            "number": say(_NUMBER, number=found.number),
            "void": teller.translate(_SAMPLE) if is_sample else _void(issued, teller),
            "sentence": say(
                _SENTENCE, organisation=imprint.organisation, donor=kept.name, sum=sums, year=str(kept.year)
            ),
            "code": say(_CODE, code=code) if code else None,
            "replaces": say(_REPLACES, numbers=", ".join(found.replaces)) if found.replaces else None,
            "columns": [teller.translate(each) for each in _COLUMNS],
            "rows": [
                [
                    teller.day(part.day),
                    part.appeal if part.minor > 0 else teller.translate(_REFUND),
                    teller.amount(Balance(part.minor, part.currency)),
                ]
                for part in found.parts
            ],
            "totals": [
                [teller.translate(_TOTAL), "", teller.amount(Balance(minor, currency))]
                for currency, minor in found.sums
            ],
            "ground": teller.translate(_GROUND),
            "thanks": issuer.thanks or teller.translate(_THANKS),
            "issued": say(_ISSUED, day=imprint.made_on),
            "signer": [each for each in (issuer.signer, issuer.role) if each],
            "fingerprint": say(_FINGERPRINT, digest=kept.digest),
        },
        own_logo,
    )


def _void(issued: Issued, teller: Teller) -> str | None:
    match issued.state:
        case CertificateState.STANDS:
            return None
        case CertificateState.VOID:
            return teller.translate(_VOID)
        case CertificateState.REPLACED:
            return teller.tell(Phrase(_REPLACED, (("number", issued.replaced_by or ""),)))


def spelt(sums: Sums, teller: Teller) -> str:
    """Return what was given, as it stands in a sentence."""
    return ", ".join(teller.amount(Balance(minor, currency)) for currency, minor in sums if minor)
