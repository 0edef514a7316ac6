"""`python -m whoop_service`: serve."""

from service_common.settings import load
from whoop_service.settings import NAME, Settings


def main() -> None:
    """Serve until told to stop."""
    settings = load(Settings, NAME)
    from whoop_service.running import run  # takes seconds; whoever set something wrong is told before

    run(settings)


if __name__ == "__main__":
    main()
