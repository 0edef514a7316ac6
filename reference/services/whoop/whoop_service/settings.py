"""What whoop-service must be told."""

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, DirectoryPath, Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from service_common.settings import HostName, HostNames, SecretFile, ServiceSettings

NAME = "whoop-service"

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$")]
"""A name in PostgreSQL that needs no quotes."""


class DatabaseSettings(ServiceSettings):
    """Where the database is; all that migrating needs. Times in seconds."""

    database_host: HostNames
    database_port: int = Field(default=5432, ge=1, le=65535)
    database_name: Identifier
    database_user: Identifier
    database_password_file: SecretFile
    migration_user: Identifier | None = None
    """Who owns the tables and may change them, with an own password; the user above if there is none."""
    migration_password_file: SecretFile | None = Field(default=None, validate_default=True)

    @field_validator("migration_password_file")
    @classmethod
    def _belongs_to_its_user(cls, password: Path | None, known: ValidationInfo) -> Path | None:
        if (password is None) != (known.data.get("migration_user") is None):
            raise ValueError("is required where MIGRATION_USER is set, and only there")
        return password


def _signing_key(path: Path) -> Path:
    text = path.read_text(errors="replace") if path.is_file() and os.access(path, os.R_OK) else ""
    if not text:
        raise ValueError("must name a file that this user may read, and that is not empty")
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError):
        raise ValueError("must name a file with a private key in PEM, without a password") from None
    if not (isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)):
        raise ValueError("must name a file with a private key on the curve P-256")
    return path


SigningKeyFile = Annotated[Path, AfterValidator(_signing_key)]
"""The path of a mounted private key."""


class RedisSettings(ServiceSettings):
    """Where Redis is."""

    redis_host: HostName
    redis_port: int = Field(default=6379, ge=1, le=65535)
    redis_password_file: SecretFile


class Settings(DatabaseSettings, RedisSettings):
    """All that serving needs."""

    insights_signing_key_file: SecretFile | None = None
    insights_former_key_file: SecretFile | None = None
    """Accepted, too, while the signing key is being replaced."""
    oauth_issuer: str | None = Field(default=None, pattern=r"^https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$")
    """Where people sign in; nobody does where there is none."""
    token_key_file: SigningKeyFile | None = Field(default=None, validate_default=True)
    attachments_dir: DirectoryPath = Path("/var/lib/whoop/attachments")
    pool_max: int = Field(default=4, ge=1, le=50)

    @field_validator("token_key_file")
    @classmethod
    def _belongs_to_its_issuer(cls, key: Path | None, known: ValidationInfo) -> Path | None:
        if (key is None) != (known.data.get("oauth_issuer") is None):
            raise ValueError("is required where OAUTH_ISSUER is set, and only there")
        return key


class SeedSettings(DatabaseSettings):
    """All that seeding needs: the database, and the keys whose hashes it stores."""

    model_config = SettingsConfigDict(validate_default=True)

    partner_key_file: SecretFile = Path("/run/secrets/partner_api_key")
    insights_key_file: SecretFile = Path("/run/secrets/insights_service_key")
