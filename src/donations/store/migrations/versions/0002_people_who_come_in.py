"""People of the organisation, their sessions and the history of signing in."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql import sqltypes as types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of people, then what hangs on them."""
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("name_key", types.AutoString(), nullable=False),
        sa.Column("email", types.AutoString(), nullable=False),
        sa.Column("email_key", types.AutoString(), nullable=True),
        sa.Column("roles", types.AutoString(), nullable=False),
        sa.Column("sees_names", sa.Boolean(), nullable=False),
        sa.Column("password_hash", types.AutoString(), nullable=True),
        sa.Column("totp_secret", types.AutoString(), nullable=True),
        sa.Column("totp_confirmed", sa.Boolean(), nullable=False),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.Column("disabled_at", types.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("name_key", name=op.f("uq_person_name_key")),
        sa.UniqueConstraint("email_key", name=op.f("uq_person_email_key")),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("browser", types.AutoString(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("browser", name=op.f("pk_passkey_challenge")),
    )
    _create_ways_in()
    op.create_table(
        "sign_in_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", types.UTCDateTime(), nullable=False),
        sa.Column("kind", types.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name_bucket", sa.Integer(), nullable=True),
        sa.Column("address", types.AutoString(), nullable=False),
        sa.Column("browser", types.AutoString(), nullable=False),
        sa.Column("by", types.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_event")),
    )
    op.create_index("ix_sign_in_event_person_id", "sign_in_event", ["person_id"])
    op.create_index("ix_sign_in_event_address_at", "sign_in_event", ["address", "at"])
    op.create_index("ix_sign_in_event_name_bucket", "sign_in_event", ["name_bucket"])


def _create_ways_in() -> None:
    op.create_table(
        "person_session",
        sa.Column("digest", types.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.Column("seen_at", types.UTCDateTime(), nullable=False),
        sa.Column("address", types.AutoString(), nullable=False),
        sa.Column("browser", types.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_session_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_person_session")),
    )
    op.create_index("ix_person_session_person_id", "person_session", ["person_id"])
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", types.AutoString(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", types.AutoString(), nullable=False),
        sa.Column("made_at", types.UTCDateTime(), nullable=False),
        sa.Column("used_at", types.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index("ix_passkey_person_id", "passkey", ["person_id"])
    op.create_table(
        "recovery_code",
        sa.Column("digest", types.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"])
    op.create_table(
        "one_time_link",
        sa.Column("digest", types.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", types.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_one_time_link")),
    )
    op.create_index("ix_one_time_link_person_id", "one_time_link", ["person_id"])
