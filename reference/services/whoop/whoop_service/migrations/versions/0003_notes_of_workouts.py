"""What athletes write about a workout, and the number that WHOOP gave it.

The release before goes on serving meanwhile: it neither reads nor writes the two, and both may be null.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

UP = """
ALTER TABLE workouts ADD note text, ADD source_id bigint;
COMMENT ON COLUMN workouts.source_id IS 'the number of the workout at WHOOP';
"""

DOWN = "ALTER TABLE workouts DROP COLUMN note, DROP COLUMN source_id;"


def upgrade() -> None:
    """Add two columns that are empty so far; no row is written for that."""
    op.execute(UP)


def downgrade() -> None:
    """Forget notes and numbers."""
    op.execute(DOWN)
