"""How Alembic runs a revision here: on the connection of a `write`, for one kind of store."""

from alembic import context

from zhanggui.app.migrations.every_table import metadata_of

attributes = context.config.attributes

context.configure(
    connection=attributes["connection"],
    target_metadata=metadata_of(attributes["store"]),
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations(store=attributes["store"])
