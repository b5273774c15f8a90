"""The certificates of a year as files named for people, with a list for a mail merge beside them."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from donations.acts.certificate import CertificateState, Issued
from donations.core.canonical import canonical
from donations.core.donor import CodeClaim
from donations.core.donor_field import EMAIL
from donations.core.name_order import family_first
from donations.core.person_code import CheckedCode
from donations.documents import certificate
from donations.documents.workbook import workbook
from donations.reports.table import Column, ColumnKind, Row, Table
from donations.store.association import Logo, logo
from donations.store.donors import people
from donations.store.donors.donor_facts import values_of_field
from donations.store.papers import codes_by_donor
from donations.store.session import ReadSession
from donations.views.formats import TELLER
from donations.views.language import speaking


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSet:
    """A certificate to be set, with what is known of the donor now."""

    issued: Issued
    code: str
    """Empty where it is not known, where there are two, or where who asks may not see it."""
    email: str
    logo: Logo | None
    """That it was issued with."""

    @property
    def file_name(self) -> str:
        """`2025-0001 Nõmm Külli.pdf`: unique by the number, and a name on every system."""
        name = family_first(self.issued.certificate.kept.name or "")
        plain = "".join(letter if _is_safe(letter) else " " for letter in unicodedata.normalize("NFC", name))
        return f"{self.issued.certificate.number} {' '.join(plain.split())[:_NAME_MAX]}".rstrip(" .") + ".pdf"


_NAME_MAX = 60


def _is_safe(letter: str) -> bool:
    return letter.isalnum() or letter in "-.,'’&()" or unicodedata.category(letter) == "Mn"


def to_set(session: ReadSession, issued: Iterable[Issued], *, has_codes: bool) -> list[ToSet]:
    """Return those that can be given to donors: they stand, and say a name. Without codes only their ends are there."""
    standing = [
        each for each in issued if each.state is CertificateState.STANDS and each.certificate.kept.name is not None
    ]
    codes, emails = codes_by_donor(session), values_of_field(session, EMAIL.key)
    logos = {digest: logo(session, digest) for digest in {each.certificate.issuer.logo for each in standing}}
    return [
        ToSet(
            issued=each,
            code=_code(codes.get(each.donor, ()), is_whole=has_codes),
            email=emails.get(each.donor, ""),
            logo=logos[each.certificate.issuer.logo],
        )
        for each in standing
    ]


def one_paper(session: ReadSession, issued: Issued, *, has_codes: bool, is_sample: bool = False) -> bytes:
    """Return one certificate as PDF, likewise, whatever became of it. Raises `Refusal`: `name_erased`."""
    codes = [each.code for each in people.claims_of(session, issued.donor) if isinstance(each, CodeClaim)]
    own_logo = logo(session, issued.certificate.issuer.logo)
    return certificate.paper(issued, logo=own_logo, code=_code(codes, is_whole=has_codes), is_sample=is_sample)


def _code(known: Sequence[CheckedCode], *, is_whole: bool) -> str:
    if len(known) != 1:
        return ""
    return known[0] if is_whole else f"•••{known[0][-4:]}"


def content_of(found: Iterable[ToSet]) -> str:
    """Return what tells these files from others."""
    known = [[each.issued.certificate.kept.digest, each.code, each.email] for each in found]
    return hashlib.sha256(canonical(known).encode()).hexdigest()


def files(found: Iterable[ToSet]) -> Iterator[tuple[str, bytes]]:
    """Yield each paper with its file's name, and in the end the lists of them."""
    known: list[ToSet] = []
    for each in found:
        yield each.file_name, certificate.paper(each.issued, logo=each.logo, code=each.code)
        known.append(each)
    table = _list(known)
    yield "list.xlsx", workbook(table, notes_name="")
    yield "list.csv", table.to_csv()


_COLUMNS = ("number", "donor", "sum", "language", "email", "file")
"""The names of the fields of a mail merge, in every language the same."""


def _list(found: Iterable[ToSet]) -> Table:
    return Table(
        title="list",
        columns=tuple(Column(name, name, ColumnKind.TEXT) for name in _COLUMNS),
        rows=tuple(map(_row, found)),
    )


def _row(each: ToSet) -> Row:
    found = each.issued.certificate
    with speaking(found.language):
        given = certificate.spelt(found.sums, TELLER)
    return found.number, found.kept.name, given, found.language.value, each.email, each.file_name
