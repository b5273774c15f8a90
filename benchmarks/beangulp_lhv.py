"""What beangulp is told about an export of LHV; run by the peers' Python alone: `beangulp_lhv.py extract FILE`."""

import beangulp
from beancount.core.data import Posting, Transaction
from beangulp import identify
from beangulp.importers import csvbase

identify.FILE_TOO_LARGE_THRESHOLD = 1 << 40  # larger files are skipped without a word


class Lhv(csvbase.Importer):
    """Each row is a transaction: a gift where its text says so."""

    encoding = "utf-8"
    date = csvbase.Date("Kuupäev", "%Y-%m-%d")
    payee = csvbase.Column("Saaja/maksja nimi")
    narration = csvbase.Column("Selgitus")
    amount = csvbase.Amount("Summa")

    def identify(self, filepath: str) -> bool:
        """Take what is named so."""
        return filepath.endswith(".lhv-csv")

    def finalize(self, txn: Transaction, row: object) -> Transaction:  # noqa: ARG002 - of the frame
        """Add the other side."""
        income = "Income:Gifts" if "annetus" in txn.narration.lower() else "Income:Other"
        txn.postings.append(Posting(income, -txn.postings[0].units, None, None, None, None))
        return txn


beangulp.Ingest([Lhv("Assets:Bank", "EUR")])()
