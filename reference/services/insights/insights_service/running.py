"""One replica from its settings to its end."""

from insights_service.app import build
from insights_service.records import WhoopRecords
from insights_service.settings import NAME, Settings
from service_common import logs
from service_common.health import Health
from service_common.serving import serve


def run(settings: Settings) -> None:
    """Serve until told to stop."""
    logs.configure(logs.Identity(NAME, settings.instance, settings.release), settings.log_level)
    health = Health()
    serve(build(WhoopRecords(settings), health), health, settings)
