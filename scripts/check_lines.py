#!/usr/bin/env python3
"""Lines of more than 120 characters in what people write and read here: fails, and says where.

Tables and indented blocks of documents may be wider: they are data, or what a program said.
"""

import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
MOST = 120
# other files are data, or have no choice (a link in requirements.txt)
NAMES = re.compile(r"(\.(rs|h|cxx|cpp|c|C|py|sh|md|toml|cmake|yml)|/CMakeLists\.txt|^Makefile|^\.ci/run)$")


def is_data(name, line):
    return name.endswith(".md") and line.startswith(("|", "    "))


def main():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, check=True, text=True).stdout
    failed = False
    for name in filter(NAMES.search, listed.split("\0")):
        for number, line in enumerate((TOP / name).read_text(errors="replace").splitlines(), 1):
            if len(line) > MOST and not is_data(name, line):
                print(f"{name}:{number}: {len(line)} characters")
                failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
