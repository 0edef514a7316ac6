"""What whoop-service must be told."""

from pathlib import Path

from pydantic import DirectoryPath, Field
from pydantic_settings import SettingsConfigDict

from service_common.settings import SecretFile, ServiceSettings

NAME = "whoop-service"


class DatabaseSettings(ServiceSettings):
    """Where the database is; all that migrating needs. Times in seconds."""

    database_host: str = Field(min_length=1)
    database_port: int = Field(default=5432, ge=1, le=65535)
    database_name: str = Field(min_length=1)
    database_user: str = Field(min_length=1)
    database_password_file: SecretFile


class RedisSettings(ServiceSettings):
    """Where Redis is."""

    redis_host: str = Field(min_length=1)
    redis_port: int = Field(default=6379, ge=1, le=65535)
    redis_password_file: SecretFile


class Settings(DatabaseSettings, RedisSettings):
    """All that serving needs."""

    insights_signing_key_file: SecretFile | None = None
    attachments_dir: DirectoryPath = Path("/var/lib/whoop/attachments")
    pool_max: int = Field(default=4, ge=1, le=50)


class SeedSettings(DatabaseSettings):
    """All that seeding needs: the database, and the keys whose hashes it stores."""

    model_config = SettingsConfigDict(validate_default=True)

    partner_key_file: SecretFile = Path("/run/secrets/partner_api_key")
    insights_key_file: SecretFile = Path("/run/secrets/insights_service_key")
