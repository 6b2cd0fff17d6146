"""What Alembic runs for each command: the connection comes from bot.storage.schema, never from a file.

Today's tables are not told: a migration's unnamed constraints would be named after them.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
