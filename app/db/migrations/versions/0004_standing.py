"""Roles and the audit log, candidates' devices, kinds of scorers, and what the lists sort interviews by."""

import sqlalchemy as sa
from alembic import op

from app.text.fold import fold

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# All that the figures of drift read: the index alone answers for them.
DRIFT = [
    *("created_at", "scorer_id", "bank_id", "bank_version"),
    *("machine_share", "judged", "doubted", "overridden"),
]
# And all that the sums of calls by model read.
BY_MODEL = ["model", "at", "outcome", "prompt_tokens", "cached_tokens", "completion_tokens", "seconds"]


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_persons_token_hash")),
    )
    op.create_table(
        "interview_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_interview_tokens_interview_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_interview_tokens")),
    )
    op.create_index(op.f("ix_interview_tokens_interview_id"), "interview_tokens", ["interview_id"])
    op.create_table(
        "device_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"], ["interviews.id"], name=op.f("fk_device_links_interview_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_device_links")),
    )
    op.create_index(op.f("ix_device_links_interview_id"), "device_links", ["interview_id"])
    op.create_table(
        "scorers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("identity", sa.JSON(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorers")),
    )
    op.create_table(
        "replaced_cards",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("scorer_id", sa.String(length=32), nullable=True),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_replaced_cards_interview_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replaced_cards")),
    )
    op.create_index(op.f("ix_replaced_cards_interview_id"), "replaced_cards", ["interview_id"])
    op.create_table(
        "judgement_uses",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interviews.id"],
            name=op.f("fk_judgement_uses_interview_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["key"], ["judgements.key"], name=op.f("fk_judgement_uses_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "interview_id", name=op.f("pk_judgement_uses")),
    )
    op.create_index(op.f("ix_judgement_uses_interview_id"), "judgement_uses", ["interview_id"])
    op.create_table(
        "log_in_failures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_in_failures")),
    )
    op.create_index("ix_log_in_failures_address_at", "log_in_failures", ["address", "at"])
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_audit_events_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject"])
    op.create_index("ix_audit_events_at_id", "audit_events", ["at", "id"])
    op.create_index("ix_audit_events_actor_at_id", "audit_events", ["actor", "at", "id"])
    op.create_index("ix_audit_events_action_at_id", "audit_events", ["action", "at", "id"])
    _refuse_changes("audit_events")
    op.add_column("account_sessions", sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("account_sessions", sa.Column("agent", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "accounts", sa.Column("role", sa.String(length=20), server_default="recruiter", nullable=False)
    )
    op.add_column("accounts", sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("accounts", sa.Column("name_key", sa.String(length=240), server_default="", nullable=False))
    _fold_names()
    op.create_index("ix_accounts_name_key", "accounts", ["name_key"], unique=True)
    op.add_column("interview_questions", sa.Column("bank_id", sa.String(length=80), nullable=True))
    op.add_column("interview_questions", sa.Column("bank_version", sa.String(length=40), nullable=True))
    op.add_column("interview_questions", sa.Column("star", sa.JSON(), nullable=True))
    op.add_column("interviews", sa.Column("access_revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interviews", sa.Column("template_revision", sa.Integer(), nullable=True))
    op.add_column("interviews", sa.Column("candidate_name", sa.Text(), nullable=True))
    op.add_column("interviews", sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interviews", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interviews", sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interviews", sa.Column("delete_after", sa.DateTime(timezone=True), nullable=True))
    op.add_column("interviews", sa.Column("score", sa.Double(), nullable=True))
    op.add_column("interviews", sa.Column("max_score", sa.Double(), server_default="0", nullable=False))
    op.add_column("interviews", sa.Column("share", sa.Double(), nullable=True))
    op.add_column("interviews", sa.Column("flagged", sa.Integer(), server_default="0", nullable=False))
    op.add_column("interviews", sa.Column("unscored", sa.Integer(), server_default="0", nullable=False))
    op.add_column("interviews", sa.Column("disputed", sa.Integer(), server_default="0", nullable=False))
    op.add_column("interviews", sa.Column("attention", sa.Integer(), server_default="0", nullable=False))
    op.add_column("interviews", sa.Column("scorer_id", sa.String(length=32), nullable=True))
    op.add_column("interviews", sa.Column("machine_share", sa.Double(), nullable=True))
    for column in ("judged", "doubted", "overridden"):
        op.add_column("interviews", sa.Column(column, sa.Integer(), server_default="0", nullable=False))
    op.add_column("question_scores", sa.Column("scorer_id", sa.String(length=32), nullable=True))
    op.add_column("utterances", sa.Column("signals", sa.JSON(), nullable=True))
    op.add_column("interviews", sa.Column("template_id", sa.String(length=32), nullable=True))
    op.add_column("interviews", sa.Column("person_id", sa.String(length=32), nullable=True))
    op.add_column("interviews", sa.Column("again_of", sa.String(length=32), nullable=True))
    for column in ("delete_after", "person_id", "template_id"):
        op.create_index(f"ix_interviews_{column}", "interviews", [column])
    op.create_index("ix_interviews_drift", "interviews", DRIFT)
    op.create_index("ix_llm_calls_by_model", "llm_calls", BY_MODEL)
    op.execute(
        "UPDATE accounts SET role = 'owner' "
        "WHERE created_at = (SELECT MIN(first.created_at) FROM accounts AS first)"
    )


def _fold_names() -> None:
    accounts = sa.table("accounts", sa.column("id"), sa.column("name"), sa.column("name_key"))
    connection = op.get_bind()
    for id, name in connection.execute(sa.select(accounts.c.id, accounts.c.name)).all():
        connection.execute(accounts.update().where(accounts.c.id == id).values(name_key=fold(name).text))


def _refuse_changes(table: str) -> None:
    """Rows can be added and nothing else, whatever the code around the table does."""
    message = "the audit log is only ever added to"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_unchanged() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_unchanged()"
    )


def downgrade() -> None:
    op.drop_index("ix_llm_calls_by_model", "llm_calls")
    op.drop_index("ix_interviews_drift", "interviews")
    for column in ("delete_after", "person_id", "template_id"):
        op.drop_index(f"ix_interviews_{column}", "interviews")
    op.drop_column("account_sessions", "created_at")
    op.drop_column("account_sessions", "agent")
    op.drop_column("accounts", "role")
    op.drop_column("accounts", "disabled_at")
    op.drop_index("ix_accounts_name_key", "accounts")
    op.drop_column("accounts", "name_key")
    op.drop_column("interview_questions", "bank_id")
    op.drop_column("interview_questions", "bank_version")
    op.drop_column("interview_questions", "star")
    op.drop_column("interviews", "access_revoked_at")
    op.drop_column("interviews", "template_revision")
    op.drop_column("interviews", "candidate_name")
    op.drop_column("interviews", "consented_at")
    op.drop_column("interviews", "released_at")
    op.drop_column("interviews", "reviewed_at")
    op.drop_column("interviews", "delete_after")
    op.drop_column("interviews", "score")
    op.drop_column("interviews", "max_score")
    op.drop_column("interviews", "share")
    op.drop_column("interviews", "flagged")
    op.drop_column("interviews", "unscored")
    op.drop_column("interviews", "disputed")
    op.drop_column("interviews", "attention")
    for column in ("scorer_id", "machine_share", "judged", "doubted", "overridden"):
        op.drop_column("interviews", column)
    op.drop_column("question_scores", "scorer_id")
    op.drop_column("utterances", "signals")
    op.drop_column("interviews", "template_id")
    op.drop_column("interviews", "person_id")
    op.drop_column("interviews", "again_of")
    for table in (
        "audit_events",
        "log_in_failures",
        "judgement_uses",
        "replaced_cards",
        "scorers",
        "device_links",
        "interview_tokens",
        "persons",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_events_unchanged()")
