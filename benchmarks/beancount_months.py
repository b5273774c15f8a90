"""Loads books of beancount with all its checks and adds gifts up by month; run by the peers' Python alone."""

import sys
from collections import Counter

from beancount import loader
from beancount.core.data import Transaction

entries, errors, _ = loader.load_file(sys.argv[1])
months = Counter[tuple[int, int]]()
for each in entries:
    if isinstance(each, Transaction):
        for posting in each.postings:
            if posting.account == "Income:Gifts":
                months[each.date.year, each.date.month] -= posting.units.number
for month, given in sorted(months.items()):
    sys.stdout.write(f"{month} {given}\n")
sys.exit(bool(errors))
