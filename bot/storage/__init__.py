"""The database: tables, migrations, and the repositories of a unit of work, on SQLite and PostgreSQL."""
