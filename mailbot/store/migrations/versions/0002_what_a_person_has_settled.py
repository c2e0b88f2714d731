"""Rulings, ticks and grades of staff; verdicts that no mail has led to; places held."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them. What was accepted holds its place; each verdict's mail was its cause."""
    op.add_column("dossiers", sa.Column("region", sa.Text(), nullable=False, server_default=""))
    op.add_column("mails", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("items", sa.Column("grade", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "items", sa.Column("holds_place", sa.Boolean(), nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE items SET holds_place = (receipt IS NOT NULL AND decision <> 'declined')"
        " WHERE NOT withdrawn"
    )
    op.create_table(
        "rulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "what IN ('accept', 'return', 'decline', 'withdraw')", name=op.f("ck_rulings_what")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_rulings_item_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_rulings_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rulings")),
    )
    op.create_index(op.f("ix_rulings_item_id"), "rulings", ["item_id"])
    op.create_table(
        "ticks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.String(length=32), nullable=False),
        sa.Column("item_id", sa.String(length=32), nullable=True),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.CheckConstraint("what IN ('paper', 'fee', 'stamp')", name=op.f("ck_ticks_what")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_ticks_dossier_id")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_ticks_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticks")),
        sa.UniqueConstraint(
            "dossier_id", "item_id", "what", name=op.f("uq_ticks_dossier_id_item_id_what")
        ),
    )
    op.create_index(op.f("ix_ticks_dossier_id"), "ticks", ["dossier_id"])
    with op.batch_alter_table("verdicts") as batch:
        batch.add_column(sa.Column("cause", sa.String(length=128), nullable=True))
    op.execute(
        "UPDATE verdicts SET cause ="
        " (SELECT 'mail:' || sha256 FROM mails WHERE mails.id = verdicts.mail_id)"
    )
    with op.batch_alter_table("verdicts") as batch:
        batch.alter_column("cause", existing_type=sa.String(length=128), nullable=False)
        batch.alter_column("mail_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint("uq_verdicts_mail_id_dossier_id", type_="unique")
        batch.create_unique_constraint("uq_verdicts_cause_dossier_id", ["cause", "dossier_id"])
    op.create_index(op.f("ix_verdicts_mail_id"), "verdicts", ["mail_id"])
