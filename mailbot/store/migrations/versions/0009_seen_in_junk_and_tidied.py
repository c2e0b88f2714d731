"""Whether a message was seen in Junk, and what was done to it on the server afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both. What was seen so far was decided like any other mail, and left as it was."""
    with op.batch_alter_table("sightings") as table:
        table.add_column(sa.Column("junk", sa.Boolean(), nullable=False, server_default="0"))
        table.add_column(sa.Column("tidied", sa.String(16), nullable=False, server_default=""))
