"""To whom a ticket is assigned: not the address, only what it can be compared by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("assignee", sa.Text(), nullable=True))
    op.create_index("ix_ticket_assignee", "ticket", ["assignee"])


def downgrade() -> None:
    op.drop_index("ix_ticket_assignee", "ticket")
    op.drop_column("ticket", "assignee")
