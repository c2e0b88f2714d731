"""Who waits for a place, and for whose places an item counts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them. So far an item counted for its own region, else its unit's."""
    for name, size in (("campaign", 64), ("tier", 64)):
        op.add_column(
            "items", sa.Column(name, sa.String(length=size), nullable=False, server_default="")
        )
    op.add_column("items", sa.Column("waits", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("items", sa.Column("place", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE items SET waits = (decision = 'waitlisted' AND NOT withdrawn),"
        " campaign = (SELECT campaign FROM dossiers WHERE dossiers.id = items.dossier_id),"
        " tier = (SELECT tier FROM dossiers WHERE dossiers.id = items.dossier_id),"
        " place = (SELECT COALESCE(NULLIF(items.region, ''), NULLIF(dossiers.region, ''),"
        " dossiers.unit) FROM dossiers WHERE dossiers.id = items.dossier_id)"
    )
    op.create_index(
        "ix_items_places",
        "items",
        ["campaign", "tier", "holds_place", "category", "place", "grade", "dossier_id"],
    )
    op.create_index("ix_items_waiting", "items", ["campaign", "tier", "waits"])
