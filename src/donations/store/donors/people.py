"""Own accounts, appeals, donors and the claims that recognise them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from donations.core.donor import Appeal, AppealId, Claim, CodeClaim, Donor, DonorId, PayerClaim
from donations.core.iban import AccountNumber, UnverifiedAccount, ValidIban, parse_account, parse_iban
from donations.core.keyword import Forms, Keyword, forms_of
from donations.core.name import NameKey, in_title_case, name_key
from donations.core.person_code import UnverifiedCode, parse_code
from donations.core.reference import Reference
from donations.store.appending import append
from donations.store.donors.surviving import donors_behind, surviving_id
from donations.store.given import gives
from donations.store.session import ReadSession, WriteSession, in_runs, next_ids
from donations.store.tables import (
    AccountRow,
    AppealEndRow,
    AppealReferenceRow,
    AppealRow,
    DonorClaimRow,
    DonorRow,
    KeywordRow,
)


def payee_account(session: ReadSession, account_id: int | None) -> ValidIban | None:
    """Return the own account that gifts are asked to: the one chosen, else the first with an IBAN; None without."""
    numbers = [(row.id, parse_iban(row.number)) for row in accounts(session)]
    return next((number for id_, number in numbers if number is not None and account_id in {None, id_}), None)


def number_text(number: AccountNumber) -> str:
    """Return the number as it is kept."""
    return number.text if isinstance(number, UnverifiedAccount) else number


def accounts(session: ReadSession) -> list[AccountRow]:
    """Return the own accounts in the order they were registered."""
    return list(session.exec(select(AccountRow).order_by(col(AccountRow.id))))


def account_with(session: ReadSession, number: AccountNumber) -> AccountRow | None:
    """Return the own account with this number."""
    return session.exec(select(AccountRow).where(AccountRow.number == number_text(number))).first()


def add_account(session: WriteSession, number: AccountNumber, *, name: str) -> AccountRow:
    """Register an own account."""
    row = AccountRow(id=next(next_ids(session, AccountRow)), number=number_text(number), name=name)
    session.add(row)
    session.flush()
    return row


def own_numbers(session: ReadSession) -> frozenset[AccountNumber]:
    """Return the numbers of all own accounts."""
    parsed = (parse_account(row.number) for row in accounts(session))
    return frozenset(number for number in parsed if number is not None)


def appeals(session: ReadSession) -> tuple[Appeal, ...]:
    """Return the appeals with their keywords and references."""
    words: defaultdict[int, list[Forms]] = defaultdict(list)
    for keyword in session.exec(select(KeywordRow).order_by(col(KeywordRow.word))):
        words[keyword.appeal_id].append(_forms(keyword))
    references: defaultdict[int, list[Reference]] = defaultdict(list)
    for reference in session.exec(select(AppealReferenceRow).order_by(col(AppealReferenceRow.reference))):
        references[reference.appeal_id].append(Reference(reference.reference))
    ends: defaultdict[int, dict[str, date]] = defaultdict(dict)
    for end in session.exec(select(AppealEndRow).order_by(col(AppealEndRow.word))):
        if end.last_day is not None:
            ends[end.appeal_id][end.word] = end.last_day
    return tuple(
        Appeal(
            id=AppealId(row.id),
            name=row.name,
            keywords=tuple(forms.keyword for forms in words[row.id]),
            references=tuple(references[row.id]),
            forms=tuple(words[row.id]),
            last_day=ends[row.id].get(""),
            last_days=tuple((Keyword(word), last) for word, last in ends[row.id].items() if word),
        )
        for row in session.exec(select(AppealRow).order_by(col(AppealRow.id)))
    )


def add_appeal(
    session: WriteSession, name: str, *, keywords: Iterable[Keyword], references: Iterable[Reference]
) -> AppealId:
    """Add an appeal, or keywords and references to the one of that name; one that is taken breaks the unique key."""
    row = session.exec(select(AppealRow).where(AppealRow.name == name)).first()
    if row is None:
        row = AppealRow(id=next(next_ids(session, AppealRow)), name=name)
        session.add(row)
        session.flush()
    add_keywords(session, AppealId(row.id), keywords)
    session.add_all(AppealReferenceRow(reference=each, appeal_id=row.id) for each in references)
    session.flush()
    return AppealId(row.id)


def add_keywords(session: WriteSession, appeal: AppealId, keywords: Iterable[Keyword]) -> None:
    """Let an appeal be named by these keywords in their cases, which are kept with them from now on."""
    for word in keywords:
        row = KeywordRow(word=word, appeal_id=appeal)
        _keep_forms(row, forms_of(word))
        session.add(row)
    session.flush()


def add_forms(session: WriteSession, keyword: Keyword, added: Iterable[str]) -> Forms:
    """Let a keyword be recognised in more forms; raises `KeyError` where there is no such keyword."""
    row = session.get(KeywordRow, keyword)
    if row is None:
        raise KeyError(keyword)
    forms = _forms(row).with_more(added)
    _keep_forms(row, forms)
    session.flush()
    return forms


def _keep_forms(row: KeywordRow, forms: Forms) -> None:
    row.forms, row.denying = "\n".join(forms.accepted), "\n".join(forms.denying)


def _forms(row: KeywordRow) -> Forms:
    """Return the cases of a keyword as they are kept; those of older books are made by rule."""
    word = Keyword(row.word)
    if row.forms is None:
        return forms_of(word)
    return Forms(word, tuple(row.forms.splitlines()), tuple((row.denying or "").splitlines()))


def donors_claimed(session: ReadSession, claims: Iterable[Claim]) -> dict[Claim, DonorId]:
    """Return the donors that exist for these claims: those that gifts are booked for, merged or not.

    Booked so, a gift finds its own donor again when a merge is taken apart.
    """
    return {claim: DonorId(row.donor_id) for claim, row in _rows_of(session, claims)}


def claim_numbers(session: ReadSession, claims: Iterable[Claim]) -> dict[Claim, int]:
    """Return the row numbers of those of these claims that some donor has."""
    return {claim: row.id for claim, row in _rows_of(session, claims)}


def _rows_of(session: ReadSession, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Any]]:
    wanted = set(claims)
    codes = sorted(claim.code for claim in wanted if isinstance(claim, CodeClaim))
    ibans = sorted({claim.iban for claim in wanted if isinstance(claim, PayerClaim)})
    for column, values in ((DonorClaimRow.code, codes), (DonorClaimRow.iban, ibans)):
        for run in in_runs(list(values)):
            for row in session.execute(_CLAIMS.where(col(column).in_(run))):
                claim = claim_of(row)
                if claim in wanted:
                    yield claim, row


_CLAIMS = sql_select(
    *(col(DonorClaimRow.id), col(DonorClaimRow.donor_id)),
    *(col(DonorClaimRow.code), col(DonorClaimRow.iban), col(DonorClaimRow.name_key)),
)
"""As plain values, for there are many."""


def claim_of(row: Any) -> Claim:
    """Return the claim that a row holds."""
    if row.code:
        code = parse_code(row.code)
        if code is None or isinstance(code, UnverifiedCode):
            message = "an unchecked code became a claim"
            raise AssertionError(message)
        return CodeClaim(code)
    return PayerClaim(ValidIban(row.iban), NameKey(row.name_key))


def all_claims(session: ReadSession) -> list[Claim]:
    """Return every claim that recognises some donor."""
    return [claim_of(row) for row in session.exec(select(DonorClaimRow))]


def claims_of(session: ReadSession, donor: DonorId) -> list[Claim]:
    """Return how a donor, and all that it stands for, are recognised."""
    query = select(DonorClaimRow).where(col(DonorClaimRow.donor_id).in_(donors_behind(donor)))
    return [claim_of(row) for row in session.exec(query.order_by(col(DonorClaimRow.id)))]


def _standing() -> Select[int, int, str]:
    standing = aliased(DonorRow)
    query = sql_select(col(DonorRow.id), col(standing.id), col(standing.name))
    return query.join(standing, col(standing.id) == surviving_id())


_STANDING = _standing()
"""Made once: to make it takes longer than to ask it of a few."""


def donors(session: ReadSession, ids: Iterable[DonorId]) -> dict[DonorId, Donor]:
    """Return who stands for each of these donors: the donor itself, or the one it was merged into."""
    found: dict[DonorId, Donor] = {}
    for run in in_runs(sorted(set(ids))):
        for asked, donor, name in session.execute(_STANDING.where(col(DonorRow.id).in_(run))):
            found[DonorId(asked)] = Donor(id=DonorId(donor), name=name)
    return found


def standing(session: ReadSession, ids: Iterable[DonorId]) -> dict[DonorId, DonorId]:
    """Return the numbers of who stands for each of these donors."""
    query = sql_select(col(DonorRow.id), surviving_id())
    return {
        DonorId(asked): DonorId(donor)
        for run in in_runs(sorted(set(ids)))
        for asked, donor in session.execute(query.where(col(DonorRow.id).in_(run)))
    }


def donors_named(session: ReadSession, names: Iterable[NameKey]) -> dict[NameKey, frozenset[DonorId]]:
    """Return standing donors by folded name: those with gifts, else those without.

    A donor whose gifts a code gave to another one stays, for people's decisions may name it.
    """
    found: defaultdict[NameKey, set[DonorId]] = defaultdict(set)
    giving: defaultdict[NameKey, set[DonorId]] = defaultdict(set)
    for run in in_runs(sorted(set(names) - {NameKey("")})):
        query = select(surviving_id(), col(DonorRow.name_key), gives()).where(col(DonorRow.name_key).in_(run))
        for donor, name, has_gifts in session.execute(query):
            (giving if has_gifts else found)[NameKey(name)].add(DonorId(donor))
    return {name: frozenset(ids) for name, ids in (found | giving).items()}


def add_donors(session: WriteSession, new: Mapping[DonorId, str], *, by_word: bool = False) -> None:
    """Append donors with the names that the bank gives them, or a person does."""
    append(
        session,
        DonorRow,
        [
            {
                "id": donor,
                "name": name if by_word else in_title_case(name),
                "name_key": name_key(name),
                "said_name": name if by_word else None,
            }
            for donor, name in new.items()
        ],
    )


def add_claims(session: WriteSession, claims: Mapping[Claim, DonorId]) -> None:
    """Let donors be recognised by these claims from now on."""
    ids = next_ids(session, DonorClaimRow)
    rows = []
    for claim, donor in claims.items():
        match claim:
            case CodeClaim(code):
                columns = {"code": str(code), "iban": "", "name_key": ""}
            case PayerClaim(iban, name):
                columns = {"code": "", "iban": str(iban), "name_key": str(name)}
        rows.append({"id": next(ids), "donor_id": donor, "is_kept": False, "is_typed": False, **columns})
    append(session, DonorClaimRow, rows)
