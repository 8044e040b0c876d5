#!/usr/bin/python3
"""The commands of the README's first look, one after another in an empty folder, each must succeed.

  tests/readme_test.py README.md PROGRAM
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

readme, program = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
look = readme.read_text(encoding="utf-8").split("## First look")[1].split("\n## ")[0]
commands = re.findall(r"^beltline [^#\n]*[^#\s]", look, re.M)
if len(commands) < 4:
    sys.exit(f"expected the commands of a first look in {readme}, found {commands}")

environment = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}
with tempfile.TemporaryDirectory() as folder:
    for command in commands:
        print(f"$ {command}", flush=True)
        run = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        if run.returncode != 0:
            sys.exit(f"exit {run.returncode}")
