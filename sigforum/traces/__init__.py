"""Traces: what was deleted or rewritten in the tables leaves the database's files too."""
