"""Effects, sources, subscriptions, digests, deliveries and credentials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _effect()
    _source()
    _unreadable()
    _subscription()
    _digest()
    _digest_quote()
    _credential()
    _event_seen()


def downgrade() -> None:
    for table in (
        "event_seen",
        "credential",
        "digest_quote",
        "digest",
        "subscription",
        "unreadable",
        "source",
        "effect",
    ):
        op.drop_table(table)


def _effect() -> None:
    op.create_table(
        "effect",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_from", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_effect"),
        sa.UniqueConstraint("kind", "target", "key", name="uq_effect_kind_target_key"),
    )
    op.create_index("ix_effect_state_next_at", "effect", ["state", "next_at"])


def _source() -> None:
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_change_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_source"),
    )


def _unreadable() -> None:
    op.create_table(
        "unreadable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unreadable"),
        sa.UniqueConstraint("source", "external_id", name="uq_unreadable_source_external_id"),
    )


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("projects", sa.JSON(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.UniqueConstraint("channel", "name", name="uq_subscription_channel_name"),
    )


def _digest() -> None:
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscription.id"], name="fk_digest_subscription_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sa.UniqueConstraint(
            "subscription_id",
            "period_start",
            "revision",
            name="uq_digest_subscription_id_period_start_revision",
        ),
    )


def _digest_quote() -> None:
    op.create_table(
        "digest_quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_digest_quote_feedback_id"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name="fk_digest_quote_subscription_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digest_quote"),
        sa.UniqueConstraint(
            "subscription_id",
            "period_start",
            "feedback_id",
            name="uq_digest_quote_subscription_id_period_start_feedback_id",
        ),
    )
    op.create_index("ix_digest_quote_feedback_id", "digest_quote", ["feedback_id"])


def _credential() -> None:
    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("integration", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credential"),
        sa.UniqueConstraint("integration", "account", name="uq_credential_integration_account"),
    )


def _event_seen() -> None:
    op.create_table(
        "event_seen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_seen"),
        sa.UniqueConstraint("source", "delivery_id", name="uq_event_seen_source_delivery_id"),
    )
    op.create_index("ix_event_seen_seen_at", "event_seen", ["seen_at"])
