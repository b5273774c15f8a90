"""A regular gift is one row with what is due next; its turns and the sums of what was due stand beside it.

All three are made anew from the gifts when the tables are there (`store/migrate.py`): no fact changes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the table of each time that a gift came or was due away, and make the three."""
    op.drop_table("regular_gift")
    _make_gifts()
    _make_turns()
    _make_dues()


def _make_gifts() -> None:
    op.create_table(
        "regular_gift",
        _part_of_key("donor_id", "donor"),
        sa.Column("stream", sa.Integer, primary_key=True),
        sa.Column("every", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        *(sa.Column(name, sa.Date, nullable=False) for name in ("due", "until")),
        sa.Column("expected_minor", sa.BigInteger, nullable=False),
        _of("account"),
        _of("appeal"),
        *(sa.Column(name, sa.String, nullable=False) for name in ("pace", "loose", "dues")),
    )
    for each in ("due", "until"):
        op.create_index(op.f(f"ix_regular_gift_{each}"), "regular_gift", [each])


def _make_turns() -> None:
    op.create_table(
        "regular_turn",
        _part_of_key("donor_id", "donor"),
        *(sa.Column(name, sa.Integer, primary_key=True) for name in ("stream", "beat")),
        sa.Column("turn", sa.String, nullable=False),
        *(sa.Column(name, sa.Date, nullable=False) for name in ("due", "day")),
        *(sa.Column(name, sa.BigInteger, nullable=True) for name in ("expected_minor", "minor")),
        _of("account"),
        _of("appeal"),
        sa.CheckConstraint("(turn = 'not_come') = (minor IS NULL)", "turn_says_whether_it_came"),
    )
    op.create_index(op.f("ix_regular_turn_day"), "regular_turn", ["day"])


def _make_dues() -> None:
    op.create_table(
        "regular_due",
        sa.Column("due", sa.Date, primary_key=True),
        _part_of_key("account_id", "account"),
        _part_of_key("appeal_id", "appeal"),
        sa.Column("currency", sa.String(3), primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("expected_minor", "minor")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("gifts_expected", "gifts_came")),
    )


def _of(other: str) -> sa.Column[int]:
    return sa.Column(f"{other}_id", sa.Integer, sa.ForeignKey(f"{other}.id"), nullable=False)


def _part_of_key(name: str, other: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{other}.id"), primary_key=True)
