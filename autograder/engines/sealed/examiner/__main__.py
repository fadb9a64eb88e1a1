"""Start an examiner's warm parent: ``python -m autograder.engines.sealed.examiner FD OPTIONS``."""

import json
import os
import sys

from autograder.engines.sealed.examiner.parent import main

main(int(sys.argv[1]), json.loads(sys.argv[2]))
os._exit(0)  # Python's own shutdown would free, piece by piece, memory that examiners still share
