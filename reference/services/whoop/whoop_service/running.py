"""One replica from its settings to its end."""

from service_common import logs
from service_common.health import Health
from service_common.serving import serve
from whoop_service.app import build
from whoop_service.settings import NAME, Settings


def run(settings: Settings) -> None:
    """Serve until told to stop."""
    logs.configure(logs.Identity(NAME, settings.instance, settings.release), settings.log_level)
    health = Health()
    serve(build(settings, health), health, settings)
