"""Statements as the bytes of a file, each format written here anew."""

from __future__ import annotations

from collections.abc import Callable

from tests.truth.values import Download, Form, Statement
from tests.truth.writers.camt import write_camt
from tests.truth.writers.ofx import write_ofx
from tests.truth.writers.swift import write_swift
from tests.truth.writers.tables import write_any, write_lhv, write_seb, write_swedbank

WRITERS: dict[Form, Callable[[Download, tuple[Statement, ...]], bytes]] = {
    Form.LHV_CSV: write_lhv,
    Form.SWEDBANK_CSV: write_swedbank,
    Form.SEB_CSV: write_seb,
    Form.CAMT_02: write_camt,
    Form.CAMT_08: write_camt,
    Form.OFX_1: write_ofx,
    Form.OFX_2: write_ofx,
    Form.TABLE: write_any,
    Form.MT940: write_swift,
    Form.MT942: write_swift,
    Form.CAMT_052: write_camt,
}
