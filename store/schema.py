"""Every table of the database. All carry `workspace_id`; times are ISO 8601 in UTC."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=nullable)


books = sa.Table(
    "books",
    metadata,
    _key("workspace_id"),
    _key("book_id"),
    _text("as_of"),
    _text("currency"),
    _text("manifest"),
    _text("sources"),
    _text("quality"),
    _text("added_at"),
    _text("added_by"),
)

current_books = sa.Table(
    "current_books",
    metadata,
    _key("workspace_id"),
    _text("book_id"),
    sa.ForeignKeyConstraint(["workspace_id", "book_id"], ["books.workspace_id", "books.book_id"]),
)

coverage_models = sa.Table(
    "coverage_models",
    metadata,
    _key("workspace_id"),
    _key("text_hash"),
    _text("coverage_hash"),
    _text("text"),
    _text("added_at"),
    _text("added_by"),
    sa.Index(None, "workspace_id", "coverage_hash"),
)

current_coverage = sa.Table(
    "current_coverage",
    metadata,
    _key("workspace_id"),
    _text("text_hash"),
    sa.ForeignKeyConstraint(
        ["workspace_id", "text_hash"],
        ["coverage_models.workspace_id", "coverage_models.text_hash"],
    ),
)

texts = sa.Table(
    "texts",
    metadata,
    _key("workspace_id"),
    _key("digest"),
    _text("text"),
)

text_keepers = sa.Table(
    "text_keepers",
    metadata,
    _key("workspace_id"),
    _key("digest"),
    _key("person"),
    _text("kind"),
    _text("reach"),
    _text("kept_at"),
    sa.ForeignKeyConstraint(["workspace_id", "digest"], ["texts.workspace_id", "texts.digest"]),
)

evidence = sa.Table(
    "evidence",
    metadata,
    _key("workspace_id"),
    _key("evidence_id"),
    _text("entity"),
    _text("metric"),
    _text("value"),
    _text("unit"),
    _text("period"),
)

sightings = sa.Table(
    "sightings",
    metadata,
    sa.Column("sighting", sa.Integer, primary_key=True, autoincrement=True),
    _text("workspace_id"),
    _text("evidence_id"),
    _text("book_id"),
    _text("as_of"),
    _text("scope"),
    _text("source"),
    sa.UniqueConstraint("workspace_id", "evidence_id", "book_id"),
    sa.ForeignKeyConstraint(
        ["workspace_id", "evidence_id"], ["evidence.workspace_id", "evidence.evidence_id"]
    ),
)

ledgers = sa.Table(
    "ledgers",
    metadata,
    _key("workspace_id"),
    _key("root"),
    _text("kept_at"),
)

ledger_entries = sa.Table(
    "ledger_entries",
    metadata,
    _key("workspace_id"),
    _key("root"),
    _key("evidence_id"),
    sa.ForeignKeyConstraint(["workspace_id", "root"], ["ledgers.workspace_id", "ledgers.root"]),
    sa.ForeignKeyConstraint(
        ["workspace_id", "evidence_id"], ["evidence.workspace_id", "evidence.evidence_id"]
    ),
)

ledger_texts = sa.Table(
    "ledger_texts",
    metadata,
    _key("workspace_id"),
    _key("root"),
    _key("digest"),
    sa.ForeignKeyConstraint(["workspace_id", "root"], ["ledgers.workspace_id", "ledgers.root"]),
    sa.ForeignKeyConstraint(["workspace_id", "digest"], ["texts.workspace_id", "texts.digest"]),
)

plans = sa.Table(
    "plans",
    metadata,
    _key("workspace_id"),
    _key("plan_id"),
    _text("account_id"),
    _text("owner_id"),
    _number("approved_version", nullable=True),
    sa.Index(None, "workspace_id", "account_id"),
)

plan_versions = sa.Table(
    "plan_versions",
    metadata,
    _key("workspace_id"),
    _key("plan_id"),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    _number("base_version", nullable=True),
    _text("owner_id"),
    _text("plan_hash"),
    _number("schema_version"),
    _text("content"),
    _text("created_at"),
    _text("created_by"),
    _text("run_id", nullable=True),
    sa.ForeignKeyConstraint(["workspace_id", "plan_id"], ["plans.workspace_id", "plans.plan_id"]),
)

scenarios = sa.Table(
    "scenarios",
    metadata,
    _key("workspace_id"),
    _key("scenario_id"),
    _number("approved_version", nullable=True),
)

scenario_versions = sa.Table(
    "scenario_versions",
    metadata,
    _key("workspace_id"),
    _key("scenario_id"),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    _number("base_version", nullable=True),
    # Every rep of the version, as a JSON list: who sees it is settled by these.
    _text("reps"),
    _text("frontier"),
    _text("scenario_hash"),
    _number("submitted"),
    _text("content"),
    # What made this version: one of `store.scenarios.Step`.
    _text("step"),
    _text("created_at"),
    _text("created_by"),
    sa.ForeignKeyConstraint(
        ["workspace_id", "scenario_id"], ["scenarios.workspace_id", "scenarios.scenario_id"]
    ),
    sa.ForeignKeyConstraint(["workspace_id", "frontier"], ["texts.workspace_id", "texts.digest"]),
)

cycle_plans = sa.Table(
    "cycle_plans",
    metadata,
    _key("workspace_id"),
    _key("plan_id"),
    # `territory` or `review`.
    _text("kind"),
    _text("quarter"),
    _number("approved_version", nullable=True),
)

cycle_versions = sa.Table(
    "cycle_versions",
    metadata,
    _key("workspace_id"),
    _key("plan_id"),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    _number("base_version", nullable=True),
    # Every rep of the version, as a JSON list: who sees it is settled by these.
    _text("reps"),
    _text("plan_hash"),
    _text("content"),
    _text("created_at"),
    _text("created_by"),
    _text("run_id", nullable=True),
    sa.ForeignKeyConstraint(
        ["workspace_id", "plan_id"], ["cycle_plans.workspace_id", "cycle_plans.plan_id"]
    ),
)

decisions = sa.Table(
    "decisions",
    metadata,
    _key("workspace_id"),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    _text("decision_id"),
    _text("subject_kind"),
    _text("subject_id"),
    _number("subject_version"),
    _text("subject_hash"),
    _text("owner_id"),
    _text("ledger_root"),
    _text("coverage_hash"),
    _text("verdict"),
    _text("decided_by"),
    _text("decided_at"),
    _text("payload_digest"),
    _text("previous"),
    _text("row_hash"),
    sa.UniqueConstraint("workspace_id", "decision_id"),
    # The one place where simultaneous decisions are settled: the first insert wins.
    sa.UniqueConstraint("workspace_id", "subject_kind", "subject_id", "subject_version"),
)

decision_payloads = sa.Table(
    "decision_payloads",
    metadata,
    _key("workspace_id"),
    _key("decision_id"),
    sa.Column("salt", sa.LargeBinary, nullable=True),
    _text("payload", nullable=True),
    _text("erased_at", nullable=True),
    _text("erased_by", nullable=True),
)

chain_heads = sa.Table(
    "chain_heads",
    metadata,
    _key("workspace_id"),
    _number("sequence"),
    _text("row_hash"),
)

effects = sa.Table(
    "effects",
    metadata,
    _key("workspace_id"),
    _key("subject_kind"),
    _key("subject_id"),
    sa.Column("subject_version", sa.Integer, primary_key=True, autoincrement=False),
    _key("subject_hash"),
    _text("decision_id"),
    _text("outcome"),
    _text("taken_at"),
)

runs = sa.Table(
    "runs",
    metadata,
    _key("workspace_id"),
    _key("run_id"),
    _text("thread_id"),
    _text("kind"),
    _text("account_id", nullable=True),
    _text("owner_id", nullable=True),
    _text("plan_id", nullable=True),
    _text("person"),
    _text("status"),
    _text("error", nullable=True),
    _text("created_at"),
    _text("updated_at"),
    sa.Index(None, "workspace_id", "status"),
)

note_indexes = sa.Table(
    "note_indexes",
    metadata,
    _key("workspace_id"),
    _text("content_hash"),
    _text("encoder"),
    _number("dimensions"),
    _number("spans"),
)

threads = sa.Table(
    "threads",
    metadata,
    _key("workspace_id"),
    _key("thread_id"),
    _text("person"),
    _text("title"),
    _text("created_at"),
    _text("updated_at"),
    sa.Index(None, "workspace_id", "person", "updated_at"),
)

turns = sa.Table(
    "turns",
    metadata,
    _key("workspace_id"),
    _key("turn_id"),
    _text("thread_id"),
    # Where the turn stands in its thread, by time; what it follows is its parent.
    _number("place"),
    _text("parent", nullable=True),
    _text("run_id"),
    _text("asked"),
    _text("status"),
    _number("stop_asked"),
    # The answer as JSON, packed: claims repeat the names of their fields many times over.
    sa.Column("answer", sa.LargeBinary, nullable=True),
    # What the next turns look back on, so that no answer has to be unpacked for them.
    _text("gist", nullable=True),
    _text("error", nullable=True),
    _text("created_at"),
    _text("finished_at", nullable=True),
    sa.ForeignKeyConstraint(
        ["workspace_id", "thread_id"], ["threads.workspace_id", "threads.thread_id"]
    ),
    sa.UniqueConstraint("workspace_id", "run_id"),
    sa.UniqueConstraint("workspace_id", "thread_id", "place"),
    sa.Index(None, "workspace_id", "status", "finished_at"),
)

run_events = sa.Table(
    "run_events",
    metadata,
    _key("workspace_id"),
    _key("run_id"),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    _text("type"),
    _text("data"),
    _text("at"),
    sqlite_with_rowid=False,
)

turn_texts = sa.Table(
    "turn_texts",
    metadata,
    _key("workspace_id"),
    _key("run_id"),
    _key("digest"),
    _text("text"),
)

question_answers = sa.Table(
    "question_answers",
    metadata,
    _key("workspace_id"),
    _key("question_id"),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _text("account_id"),
    _text("question"),
    _text("text"),
    _text("side", nullable=True),
    _text("person"),
    _text("person_name"),
    _text("said_on"),
    _text("answered_at"),
    sa.Index(None, "workspace_id", "account_id"),
)

model_usage = sa.Table(
    "model_usage",
    metadata,
    _key("workspace_id"),
    _key("usage_id"),
    _text("run_id", nullable=True),
    _text("thread_id", nullable=True),
    _text("plan_id", nullable=True),
    _text("person"),
    _text("kind"),
    _text("model"),
    _text("prompt"),
    _number("prompt_version"),
    _number("input_tokens"),
    _number("output_tokens"),
    _number("estimated"),
    # Whole millionths, so that the database adds them up exactly.
    _number("cost_millionths", nullable=True),
    _text("at"),
    sa.Index(None, "workspace_id", "at"),
)
