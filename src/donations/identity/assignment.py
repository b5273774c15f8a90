"""The best one-to-one assignment between two small groups, by total weight."""

from __future__ import annotations

from collections.abc import Sequence

_EXACT_MAX = 40
"""Above that many in one bucket (that nothing told apart before) the heaviest pairs are taken in turn."""


def assign(weights: Sequence[Sequence[int | None]]) -> list[int | None]:
    """Return for each row its column or None, so that the sum of weights is greatest; None in `weights` forbids.

    All weights are positive, so nothing that may be paired is left over without need. Ties go to the lower index.
    """
    if not weights or not weights[0]:
        return [None] * len(weights)
    if len(weights) > _EXACT_MAX or len(weights[0]) > _EXACT_MAX:
        return _in_turn(weights)
    return _hungarian(weights)


def _in_turn(weights: Sequence[Sequence[int | None]]) -> list[int | None]:
    pairs = [(-weight, row, column) for row, line in enumerate(weights) for column, weight in enumerate(line) if weight]
    result: list[int | None] = [None] * len(weights)
    taken: set[int] = set()
    for _, row, column in sorted(pairs):
        if result[row] is None and column not in taken:
            result[row] = column
            taken.add(column)
    return result


def _hungarian(weights: Sequence[Sequence[int | None]]) -> list[int | None]:
    """Kuhn and Munkres with potentials, O(n³), on costs; each row may also take a free column of its own."""
    rows, columns = len(weights), len(weights[0]) + len(weights)
    cost = [[-(weight or 0) for weight in line] + [0] * rows for line in weights]
    infinite = 1 + 2 * sum(max(filter(None, line), default=0) for line in weights)
    row_potential, column_potential = [0] * (rows + 1), [0] * (columns + 1)
    row_of, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0], at = row, 0
        least, used = [infinite] * (columns + 1), [False] * (columns + 1)
        while True:
            used[at] = True
            delta, following = infinite, 0
            for column in range(1, columns + 1):
                if used[column]:
                    continue
                reduced = cost[row_of[at] - 1][column - 1] - row_potential[row_of[at]] - column_potential[column]
                if reduced < least[column]:
                    least[column], way[column] = reduced, at
                if least[column] < delta:
                    delta, following = least[column], column
            for column in range(columns + 1):
                if used[column]:
                    row_potential[row_of[column]] += delta
                    column_potential[column] -= delta
                else:
                    least[column] -= delta
            at = following
            if row_of[at] == 0:
                break
        while at:
            row_of[at], at = row_of[way[at]], way[at]
    result: list[int | None] = [None] * rows
    for column in range(1, len(weights[0]) + 1):
        row = row_of[column] - 1
        if row >= 0 and weights[row][column - 1] is not None:
            result[row] = column - 1
    return result
