"""What insights-service must be told."""

from pydantic import HttpUrl

from service_common.settings import SecretFile, ServiceSettings

NAME = "insights-service"


class Settings(ServiceSettings):
    """All that serving needs."""

    whoop_url: HttpUrl
    service_key_file: SecretFile
    signing_key_file: SecretFile
