"""How far a long act is: it tells a callable that it was handed, and knows nothing of who listens."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[int, int], None]
"""Is told how much is done, and of how much; a few times a second at most."""


def silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def within(tell: Tell, first: int, last: int, total: int) -> Tell:
    """Return what is told of a part by itself: from `first` to `last` of `total` it takes the whole on."""
    return lambda done, of: tell(first + (last - first) * done // max(of, 1), total)
