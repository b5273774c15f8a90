"""How often strangers may ask about a gift: counted by address, by account asked about, and in all.

Counted in this process and in memory alone: a table would keep who looked for which gift, and would let strangers
take turns with the treasurer at writing.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(days=1)
FROM_ADDRESS_MAX = 10
ABOUT_ACCOUNT_MAX = 5
"""Of whatever addresses: so somebody whose account number is known cannot be tried out from many."""
IN_ALL_MAX = 500


class Turnstile:
    """Lets questions through until there were too many; safe for several threads."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._asked: deque[tuple[datetime, str, int]] = deque()
        self._lock = Lock()

    def admits(self, *, address: str, about: str, now: datetime) -> bool:
        """Count a question, and whether it may be looked at; who is not let through is not counted either."""
        account = hash(about)  # with a key of this process: the end of an account number is not kept
        with self._lock:
            while self._asked and self._asked[0][0] <= now - WINDOW:
                self._asked.popleft()
            is_free = (
                len(self._asked) < IN_ALL_MAX
                and sum(each == address for _, each, _ in self._asked) < FROM_ADDRESS_MAX
                and sum(each == account for _, _, each in self._asked) < ABOUT_ACCOUNT_MAX
            )
            if is_free:
                self._asked.append((now, address, account))
            return is_free
