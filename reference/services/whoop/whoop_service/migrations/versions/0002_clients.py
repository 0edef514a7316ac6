"""Clients: whom a key belongs to, what they agreed to use, and which records are theirs.

The release before goes on serving meanwhile: what it inserts falls to the partner, who was the only one with
records, and every key may do what it could do before.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

# Children before parents, as inserts take them: so the two never wait for each other.
UP = """
LOCK TABLE attachments, workouts, sleeps, recoveries, members, api_keys IN ACCESS EXCLUSIVE MODE;

CREATE TABLE clients (
    name       text PRIMARY KEY,
    everything boolean NOT NULL DEFAULT false,
    per_minute integer DEFAULT 100 CHECK (per_minute > 0),
    per_hour   integer DEFAULT 1000 CHECK (per_hour > 0),
    per_day    integer DEFAULT 10000 CHECK (per_day > 0)
);
COMMENT ON COLUMN clients.everything IS 'sees the records of all clients';
COMMENT ON COLUMN clients.per_minute IS 'requests agreed on; null: as many as they like';
INSERT INTO clients (name, everything, per_minute, per_hour, per_day) VALUES
    ('partner', false, 60000, 2000000, 20000000),
    ('insights-service', true, NULL, NULL, NULL);

ALTER TABLE api_keys
    ADD client text NOT NULL DEFAULT 'partner' REFERENCES clients,
    ADD created_at timestamptz NOT NULL DEFAULT now();
UPDATE api_keys SET client = 'insights-service' WHERE name = 'insights-service';
UPDATE api_keys SET scopes = scopes || '{records:export}' WHERE 'records:read' = ANY (scopes);

ALTER TABLE members
    ADD client text NOT NULL DEFAULT 'partner' REFERENCES clients,
    ADD UNIQUE (id, client),
    ADD UNIQUE (client, email),
    DROP CONSTRAINT members_email_key;
CREATE INDEX members_by_client ON members (client, recorded_at, id);

ALTER TABLE recoveries
    ADD client text NOT NULL DEFAULT 'partner',
    ADD FOREIGN KEY (member_id, client) REFERENCES members (id, client) ON DELETE CASCADE,
    DROP CONSTRAINT recoveries_member_id_fkey;
CREATE INDEX recoveries_by_client ON recoveries (client, recorded_at, id);

ALTER TABLE sleeps
    ADD client text NOT NULL DEFAULT 'partner',
    ADD FOREIGN KEY (member_id, client) REFERENCES members (id, client) ON DELETE CASCADE,
    DROP CONSTRAINT sleeps_member_id_fkey;
CREATE INDEX sleeps_by_client ON sleeps (client, recorded_at, id);

ALTER TABLE workouts
    ADD client text NOT NULL DEFAULT 'partner',
    ADD UNIQUE (id, client),
    ADD FOREIGN KEY (member_id, client) REFERENCES members (id, client) ON DELETE CASCADE,
    DROP CONSTRAINT workouts_member_id_fkey;
CREATE INDEX workouts_by_client ON workouts (client, recorded_at, id);

ALTER TABLE attachments
    ADD client text NOT NULL DEFAULT 'partner',
    ADD FOREIGN KEY (workout_id, client) REFERENCES workouts (id, client) ON DELETE CASCADE,
    DROP CONSTRAINT attachments_workout_id_fkey;
"""

DOWN = """
ALTER TABLE attachments
    ADD FOREIGN KEY (workout_id) REFERENCES workouts ON DELETE CASCADE, DROP COLUMN client;
ALTER TABLE workouts ADD FOREIGN KEY (member_id) REFERENCES members ON DELETE CASCADE, DROP COLUMN client;
ALTER TABLE sleeps ADD FOREIGN KEY (member_id) REFERENCES members ON DELETE CASCADE, DROP COLUMN client;
ALTER TABLE recoveries ADD FOREIGN KEY (member_id) REFERENCES members ON DELETE CASCADE, DROP COLUMN client;
DELETE FROM members WHERE client <> 'partner';
ALTER TABLE members ADD UNIQUE (email), DROP COLUMN client;
DELETE FROM api_keys WHERE client NOT IN ('partner', 'insights-service');
ALTER TABLE api_keys DROP COLUMN client, DROP COLUMN created_at;
DROP TABLE clients;
"""


def upgrade() -> None:
    """Give everything that there is to the partner."""
    op.execute(UP)


def downgrade() -> None:
    """Forget all clients but the partner, with their records and keys."""
    op.execute(DOWN)
