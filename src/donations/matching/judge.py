"""Many payments judged by one directory: each text and each payer is read once, each case of features decided once."""

from __future__ import annotations

from typing import NamedTuple

from donations.core.money import Minor
from donations.core.name import NameKey
from donations.core.payment import Payment
from donations.core.person_code import CheckedCode
from donations.core.reference import Reference
from donations.core.statement import Counterparty
from donations.matching.case import Paying, features_of, names_of, paying_of, text_features
from donations.matching.decide import taught, verdict_on, without_offers
from donations.matching.directory import Directory
from donations.matching.features import Features, TextFeatures
from donations.matching.keywords import is_ambiguous
from donations.matching.outcome import Outcome, Verdict
from donations.matching.payer import text_codes
from donations.matching.written import FoldedText, read

_KNOWN_MAX = 20_000
"""So many texts or payers are kept; then all are forgotten, so that years of payments take no more memory."""


class _Wording(NamedTuple):
    """A text and a reference as far as they can be read alone."""

    written: FoldedText
    codes: tuple[CheckedCode, ...]
    features: TextFeatures | None
    """None where it takes the payer and the amount."""


class Judge:
    """Says what `decide` says, but for proposals; it lives as long as its directory holds."""

    def __init__(self, directory: Directory) -> None:
        """Judge by a directory."""
        self._directory = directory
        self._forget()

    def _forget(self) -> None:
        self._wordings: dict[tuple[str, Reference | None, int], _Wording] = {}
        self._read: dict[tuple[str, Reference | None, int, Minor, tuple[NameKey, ...]], TextFeatures] = {}
        self._payers: dict[tuple[Counterparty, tuple[CheckedCode, ...]], Paying] = {}
        self._verdicts: dict[Features, Verdict] = {}

    def judge(self, payment: Payment) -> Outcome:
        """Return what a payment is, or why a person must say; questions have no proposals here."""
        if max(len(self._wordings), len(self._read), len(self._payers)) > _KNOWN_MAX:
            self._forget()
        wording = self._wording(payment)
        paying = self._paying(payment.counterparty, wording.codes)
        text = wording.features or self._text(payment, wording, paying)
        features = features_of(payment, self._directory, text, paying)
        verdict = self._verdicts.get(features)
        if verdict is None:
            verdict = self._verdicts[features] = verdict_on(features)
        said = taught(payment, verdict, self._directory.standing_on(payment.booked_on), appeal=text.appeal)
        return said or without_offers(verdict, paying.claim)

    def _wording(self, payment: Payment) -> _Wording:
        appeals = self._directory.named_on(payment.booked_on)
        key = payment.text, payment.reference, id(appeals)
        known = self._wordings.get(key)
        if known is None:
            written = read(payment.text)
            alone = None if is_ambiguous(written) else text_features(written, payment.reference, appeals)
            known = _Wording(written, text_codes(payment.text, self._directory.own_codes), alone)
            self._wordings[key] = known
        return known

    def _text(self, payment: Payment, wording: _Wording, paying: Paying) -> TextFeatures:
        minor, names = payment.money.amount.minor, names_of(paying.payer)
        appeals = self._directory.named_on(payment.booked_on)
        key = payment.text, payment.reference, id(appeals), minor, names
        known = self._read.get(key)
        if known is None:
            known = text_features(wording.written, payment.reference, appeals, minor=minor, names=names)
            self._read[key] = known
        return known

    def _paying(self, party: Counterparty, codes: tuple[CheckedCode, ...]) -> Paying:
        known = self._payers.get((party, codes))
        if known is None:
            known = self._payers[party, codes] = paying_of(party, codes, self._directory)
        return known
