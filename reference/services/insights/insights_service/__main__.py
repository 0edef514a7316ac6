"""`python -m insights_service`: serve."""

from insights_service.settings import NAME, Settings
from service_common.settings import load


def main() -> None:
    """Serve until told to stop."""
    settings = load(Settings, NAME)
    from insights_service.running import run  # takes seconds; whoever set something wrong is told before

    run(settings)


if __name__ == "__main__":
    main()
