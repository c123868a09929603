"""Documents and the words of letters are sealed; what is kept may be sealed with another key."""

from __future__ import annotations

from alembic import op

from hemvist.migrations.sealing import FILES, open_again, seal_columns, sealed_fields

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

#: The tables' owner, who has said so, changes sealed values and nothing else.
ANEW = """
CREATE FUNCTION hemvist_sealed_anew(changed oid, was jsonb, becomes jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT pg_has_role(current_user, c.relowner, 'USAGE') AND NOT EXISTS (
        SELECT FROM jsonb_each(becomes) one
        WHERE right(one.key, 7) <> '_sealed' AND one.value IS DISTINCT FROM was -> one.key
    ) FROM pg_class c WHERE c.oid = changed
$$"""
_UNLESS = """
    IF TG_OP = 'UPDATE' AND current_setting('hemvist.resealing', true) = 'on' THEN
        IF hemvist_sealed_anew(TG_RELID, to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;"""
#: What refuses to change a record, and in which words.
_KEEPING = {
    "hemvist_keep_document": "RAISE EXCEPTION 'a document is kept as it was given out'"
    " USING ERRCODE = 'restrict_violation';",
    "hemvist_lines_are_kept": "RAISE EXCEPTION 'lines of % are only added', TG_TABLE_NAME"
    " USING ERRCODE = 'restrict_violation';",
    "guarantee_ledger_is_kept": "RAISE EXCEPTION 'the ledger of guarantees is only added to'"
    " USING ERRCODE = 'check_violation';",
}
_CONTENT = sealed_fields("documents", ["content"])
_HASH = sealed_fields("documents", ["sha256"])
_WORDS = sealed_fields("letters", ["own_words"])
_LETTERS_HASH = sealed_fields("letters", ["sha256"])


def upgrade() -> None:
    """Go forward."""
    op.execute(ANEW)
    _keep(_UNLESS)
    for name in ("sha256", "size"):
        op.drop_constraint(op.f(f"ck_documents_{name}"), "documents")
    seal_columns("documents", _HASH, nullable=False)
    seal_columns("documents", _CONTENT, nullable=False, held=FILES)
    op.create_check_constraint(
        op.f("ck_documents_size"),
        "documents",
        "octet_length(content_sealed) BETWEEN 30 AND 10000029",
    )
    seal_columns("letters", _WORDS, nullable=False)
    seal_columns("letters", _LETTERS_HASH, nullable=True)


def downgrade() -> None:
    """Go back."""
    for table in ("documents", "letters"):
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER kept")
    open_again("letters", _LETTERS_HASH, nullable=True)
    open_again("letters", _WORDS, nullable=False)
    op.drop_constraint(op.f("ck_documents_size"), "documents")
    open_again("documents", _CONTENT, nullable=False, held=FILES)
    open_again("documents", _HASH, nullable=False)
    op.create_check_constraint(
        op.f("ck_documents_sha256"), "documents", "sha256 = encode(sha256(content), 'hex')"
    )
    op.create_check_constraint(
        op.f("ck_documents_size"), "documents", "octet_length(content) BETWEEN 1 AND 10000000"
    )
    for table in ("documents", "letters"):
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER kept")
    _keep("")
    op.execute("DROP FUNCTION hemvist_sealed_anew(oid, jsonb, jsonb)")


def _keep(unless: str) -> None:
    for function, refused in _KEEPING.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN{unless}\n    {refused}\nEND $$"
        )
