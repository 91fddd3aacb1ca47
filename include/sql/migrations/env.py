"""Alembic's way in: one transaction for all revisions, as the role that owns the schemas."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table="schema_version",
    version_table_schema=context.config.attributes["settings"].schemas["ops"],
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
