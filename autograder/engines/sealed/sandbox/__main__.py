"""Start a zygote: ``python -m autograder.engines.sealed.sandbox FD OPTIONS``."""

import json
import sys

from autograder.engines.sealed.sandbox.zygote import main

main(int(sys.argv[1]), json.loads(sys.argv[2]))
