"""Start an examiner's warm parent: ``python -m autograder.sealed.examiner FD OPTIONS``."""

import json
import sys

from autograder.sealed.examiner.parent import main

main(int(sys.argv[1]), json.loads(sys.argv[2]))
