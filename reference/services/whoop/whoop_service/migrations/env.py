"""Runs migrations on the connection that `whoop_service.migrate` has opened and locked."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
