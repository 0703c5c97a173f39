"""`python -m rareblend` is the command `rareblend`."""

import sys

from rareblend.main import main

sys.exit(main())
