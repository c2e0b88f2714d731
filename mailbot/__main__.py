"""``python -m mailbot``: the same program as the command ``mailbot``, for where it is not on the path."""

import sys

from mailbot.cli import main

if __name__ == "__main__":
    sys.exit(main())
