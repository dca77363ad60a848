"""Migrations of the database, run by `store.database` when it is opened."""

HEAD = "0006"
"""The newest revision. A database that stands here opens without loading Alembic."""
