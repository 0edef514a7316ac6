"""What whoop-service must be told."""

from pathlib import Path
from typing import Annotated

from pydantic import DirectoryPath, Field, ValidationInfo, field_validator
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
    attachments_dir: DirectoryPath = Path("/var/lib/whoop/attachments")
    pool_max: int = Field(default=4, ge=1, le=50)


class SeedSettings(DatabaseSettings):
    """All that seeding needs: the database, and the keys whose hashes it stores."""

    model_config = SettingsConfigDict(validate_default=True)

    partner_key_file: SecretFile = Path("/run/secrets/partner_api_key")
    insights_key_file: SecretFile = Path("/run/secrets/insights_service_key")
