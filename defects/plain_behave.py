"""behave without `behave.ini`: a qualification run leaves the Allure and JUnit results of the last real run alone."""

import sys

from behave.__main__ import run_behave
from behave.configuration import Configuration

if __name__ == "__main__":
    sys.exit(run_behave(Configuration(sys.argv[1:], load_config=False)))
