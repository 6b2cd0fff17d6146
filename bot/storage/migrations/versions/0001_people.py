"""People and companies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _company()
    _company_identity()
    _company_domain()
    _person()
    _person_identity()


def downgrade() -> None:
    for table in ("person_identity", "person", "company_domain", "company_identity", "company"):
        op.drop_table(table)


def _company() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("revenue_amount", sa.Text(), nullable=True),
        sa.Column("revenue_currency", sa.Text(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
    )


def _company_identity() -> None:
    op.create_table(
        "company_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_company_identity_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_company_identity"),
        sa.UniqueConstraint("kind", "value", name="uq_company_identity_kind_value"),
    )
    op.create_index("ix_company_identity_company_id", "company_identity", ["company_id"])


def _company_domain() -> None:
    op.create_table(
        "company_domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_company_domain_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_company_domain"),
        sa.UniqueConstraint("domain", name="uq_company_domain_domain"),
    )
    op.create_index("ix_company_domain_company_id", "company_domain", ["company_id"])


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name="fk_person_company_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_company_id", "person", ["company_id"])


def _person_identity() -> None:
    op.create_table(
        "person_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_identity_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_identity"),
        sa.UniqueConstraint("kind", "value", name="uq_person_identity_kind_value"),
    )
    op.create_index("ix_person_identity_person_id", "person_identity", ["person_id"])
