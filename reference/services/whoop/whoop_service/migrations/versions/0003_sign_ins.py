"""People who sign in with applications (OAuth 2.0), their codes, and the tokens that renew a sign-in.

Only digests are kept of whatever opens something. The release before knows nothing of these tables.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

UP = """
CREATE TABLE people (
    email         text PRIMARY KEY,
    client        text NOT NULL REFERENCES clients ON DELETE CASCADE,
    scopes        text[] NOT NULL,
    password      bytea NOT NULL,
    salt          bytea NOT NULL,
    dismissed_at  timestamptz
);
COMMENT ON COLUMN people.password IS 'scrypt of it';
CREATE TABLE apps (
    id            text PRIMARY KEY,
    redirect_uri  text NOT NULL,
    scopes        text[] NOT NULL
);
CREATE TABLE sign_ins (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    app           text NOT NULL REFERENCES apps ON DELETE CASCADE,
    person        text NOT NULL REFERENCES people ON DELETE CASCADE,
    scopes        text[] NOT NULL,
    ends_at       timestamptz NOT NULL,
    revoked_at    timestamptz
);
COMMENT ON COLUMN sign_ins.ends_at IS 'until when it can be renewed';
CREATE TABLE codes (
    hash          bytea PRIMARY KEY,
    app           text NOT NULL REFERENCES apps ON DELETE CASCADE,
    person        text NOT NULL REFERENCES people ON DELETE CASCADE,
    scopes        text[] NOT NULL,
    redirect_uri  text NOT NULL,
    challenge     text NOT NULL,
    ends_at       timestamptz NOT NULL,
    sign_in       uuid REFERENCES sign_ins ON DELETE CASCADE
);
COMMENT ON COLUMN codes.sign_in IS 'what it was used for';
CREATE TABLE renewals (
    hash          bytea PRIMARY KEY,
    sign_in       uuid NOT NULL REFERENCES sign_ins ON DELETE CASCADE,
    used_at       timestamptz
);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(UP)


def downgrade() -> None:
    """Forget all of it."""
    op.execute("DROP TABLE renewals, codes, sign_ins, apps, people")
