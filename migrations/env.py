"""Runs migrations on the application's own engine."""

from alembic import context
from flask import current_app

from sigforum.database import WRITE, is_of_models


def render_item(kind, item, autogen_context):
    """Migrations name plain column types: they must run when the application's own have changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and type(item).__name__ == "UtcDateTime" else False


database = current_app.extensions["migrate"].db
arguments = current_app.extensions["migrate"].configure_args

# A writer from the first statement on: SQLite then cannot find the file locked half-way.
with database.engine.connect().execution_options(**WRITE) as connection:
    context.configure(connection=connection, target_metadata=database.metadata, render_item=render_item,
                      include_name=is_of_models, **arguments)
    with context.begin_transaction():
        context.run_migrations()
    if connection.in_transaction():
        connection.commit()
