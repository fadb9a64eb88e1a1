"""Print the tables of attacks, or put them into the page: ``python -m tests.attacks [PAGE]``."""

import re
import sys
from pathlib import Path

from tests.attacks.suite import table

if __name__ == "__main__":
    if len(sys.argv) > 1:
        page = Path(sys.argv[1])
        text = page.read_text(encoding="utf-8")
        new = re.sub(r"(?<=## The attacks\n\n).*?(?=\n\n## )", lambda _: table(), text, flags=re.DOTALL)
        page.write_text(new, encoding="utf-8")
    else:
        print(table())
