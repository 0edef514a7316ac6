"""`python -m whoop_service`: serve."""

from service_common import logs
from service_common.health import Health
from service_common.serving import serve
from service_common.settings import load
from whoop_service.app import build
from whoop_service.settings import NAME, Settings


def main() -> None:
    """Serve until told to stop."""
    settings = load(Settings, NAME)
    logs.configure(logs.Identity(NAME, settings.instance, settings.release), settings.log_level)
    health = Health()
    serve(build(settings, health), health, settings)


if __name__ == "__main__":
    main()
