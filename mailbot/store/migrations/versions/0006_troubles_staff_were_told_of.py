"""Since when there is trouble that staff were told of, so that they are told once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it; of what fails now nobody was told."""
    op.add_column("health", sa.Column("told_since", sa.DateTime(timezone=True)))
