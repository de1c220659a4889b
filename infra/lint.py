"""What cfn-lint and checkov say of the templates: `python -m infra.lint [--out build]`, after package.py.

Both must have nothing to say. Exceptions stand in the templates' Metadata beside what they except, with the reason.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from infra.environments import CHECKOUT, environment


def lint(folder: Path) -> int:
    """0 when both tools find nothing in the templates of `folder`."""
    tools = environment("lint")
    templates = [str(folder / f"{name}.json") for name in ("diwan", "edge", "replica")]
    files = [word for template in templates for word in ("-f", template)]
    checkov = ["--framework", "cloudformation", "--compact", "--quiet", "--skip-download"]
    commands = [["cfn-lint", *templates], ["checkov", *files, *checkov]]
    ended = [
        subprocess.run([tools / "python", tools / command, *rest], check=False).returncode
        for command, *rest in commands
    ]
    return max(ended)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m infra.lint")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "build")
    sys.exit(lint(parser.parse_args().out))
