"""Threads of chat, their turns, what happens in a run, and what a turn keeps while it goes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the four tables."""
    op.create_table(
        "threads",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("thread_id", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("updated_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "thread_id", name=op.f("pk_threads")),
    )
    op.create_index(
        op.f("ix_threads_workspace_id_person_updated_at"),
        "threads",
        ["workspace_id", "person", "updated_at"],
    )
    op.create_table(
        "turns",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("turn_id", sa.Text, nullable=False),
        sa.Column("thread_id", sa.Text, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("parent", sa.Text, nullable=True),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("stop_asked", sa.Integer, nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=True),
        sa.Column("gist", sa.Text, nullable=True),
        sa.Column("error", sa.Text, nullable=True),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("finished_at", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "thread_id"],
            ["threads.workspace_id", "threads.thread_id"],
            name=op.f("fk_turns_workspace_id_thread_id"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "turn_id", name=op.f("pk_turns")),
        sa.UniqueConstraint("workspace_id", "run_id", name=op.f("uq_turns_workspace_id_run_id")),
        sa.UniqueConstraint(
            "workspace_id", "thread_id", "place", name=op.f("uq_turns_workspace_id_thread_id_place")
        ),
    )
    op.create_index(
        op.f("ix_turns_workspace_id_status_finished_at"),
        "turns",
        ["workspace_id", "status", "finished_at"],
    )
    op.create_table(
        "run_events",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "run_id", "seq", name=op.f("pk_run_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turn_texts",
        sa.Column("workspace_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "run_id", "digest", name=op.f("pk_turn_texts")),
    )


def downgrade() -> None:
    """Drop them: a conversation is no part of the record of decisions."""
    for table in ("turn_texts", "run_events", "turns", "threads"):
        op.drop_table(table)
