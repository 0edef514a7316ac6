"""Members, their records, attachments of workouts, and the keys of callers."""

from alembic import op

revision = "0001"
down_revision = None

UP = """
CREATE TABLE members (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    recorded_at timestamptz NOT NULL DEFAULT now(),
    name        text NOT NULL,
    email       text NOT NULL UNIQUE
);
CREATE INDEX members_by_time ON members (recorded_at, id);

CREATE TABLE recoveries (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    member_id          uuid NOT NULL REFERENCES members ON DELETE CASCADE,
    recorded_at        timestamptz NOT NULL,
    recovery_score     smallint NOT NULL CHECK (recovery_score BETWEEN 0 AND 100),
    resting_heart_rate smallint NOT NULL CHECK (resting_heart_rate BETWEEN 20 AND 250),
    hrv_milliseconds   real NOT NULL CHECK (hrv_milliseconds BETWEEN 0 AND 500)
);
CREATE INDEX recoveries_by_member ON recoveries (member_id, recorded_at, id);
CREATE INDEX recoveries_by_time ON recoveries (recorded_at, id);

CREATE TABLE sleeps (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    member_id     uuid NOT NULL REFERENCES members ON DELETE CASCADE,
    recorded_at   timestamptz NOT NULL,
    hours_in_bed  real NOT NULL CHECK (hours_in_bed BETWEEN 0 AND 24),
    hours_asleep  real NOT NULL CHECK (hours_asleep BETWEEN 0 AND hours_in_bed),
    disturbances  smallint NOT NULL CHECK (disturbances BETWEEN 0 AND 1000)
);
CREATE INDEX sleeps_by_member ON sleeps (member_id, recorded_at, id);
CREATE INDEX sleeps_by_time ON sleeps (recorded_at, id);

CREATE TABLE workouts (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    member_id          uuid NOT NULL REFERENCES members ON DELETE CASCADE,
    recorded_at        timestamptz NOT NULL,
    sport              text NOT NULL,
    strain             real NOT NULL CHECK (strain BETWEEN 0 AND 21),
    average_heart_rate smallint NOT NULL CHECK (average_heart_rate BETWEEN 20 AND 250)
);
CREATE INDEX workouts_by_member ON workouts (member_id, recorded_at, id);
CREATE INDEX workouts_by_time ON workouts (recorded_at, id);

CREATE TABLE attachments (
    id           uuid PRIMARY KEY,
    workout_id   uuid NOT NULL REFERENCES workouts ON DELETE CASCADE,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    content_type text NOT NULL,
    size_bytes   integer NOT NULL CHECK (size_bytes >= 0),
    sha256       text NOT NULL
);
CREATE INDEX attachments_by_workout ON attachments (workout_id, recorded_at, id);

CREATE TABLE api_keys (
    name       text PRIMARY KEY,
    hash       bytea NOT NULL UNIQUE,
    scopes     text[] NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE seedings (
    name    text PRIMARY KEY,
    members integer NOT NULL,
    done_at timestamptz NOT NULL DEFAULT now()
);
"""

DOWN = "DROP TABLE seedings, api_keys, attachments, workouts, sleeps, recoveries, members;"


def upgrade() -> None:
    """Make everything."""
    op.execute(UP)


def downgrade() -> None:
    """Remove everything."""
    op.execute(DOWN)
