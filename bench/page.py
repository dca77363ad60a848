"""Run benches one after the other and put their tables on docs/benchmarks.md.

`python -m bench.page` runs all of them, `python -m bench.page book plans` those named; what
the page says of the others stays. Options after `--` go to each bench.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.commands import PYTHON, ROOT, run

PAGE = ROOT / "docs" / "benchmarks.md"
BENCHES = (
    "start", "book", "plans", "verifier", "decisions", "kill", "retrieval", "balance", "history",
    "score", "potential", "whitespace", "chat", "injections", "forged", "figures",
    "cycle", "evaluation", "seeded",
)  # fmt: skip


def with_section(page: str, name: str, section: str) -> str:
    """Return the page with one bench's section replaced; ValueError where it has none."""
    heading = re.escape(f"### `python -m bench.{name}`")
    found = re.compile(rf"^{heading}$.*?(?=^##|\Z)", re.MULTILINE | re.DOTALL)
    if not found.search(page):
        raise ValueError(f"{PAGE.name} has no section for bench.{name}.")
    return found.sub(lambda _: section.strip() + "\n\n", page, count=1).rstrip() + "\n"


def main(given: Sequence[str]) -> int:
    """Run and replace."""
    cut = list(given).index("--") if "--" in given else len(given)
    names, options = given[:cut] or BENCHES, given[cut + 1 :]
    unknown = sorted(set(names) - set(BENCHES))
    if unknown:
        raise SystemExit(f"There is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}.")
    for name in names:
        section = run([PYTHON, "-m", f"bench.{name}", "--markdown", *options]).output
        replace_in(PAGE, name, section)
        print(f"bench.{name}: written to {PAGE.relative_to(ROOT)}")
    return 0


def replace_in(page: Path, name: str, section: str) -> None:
    """Replace one bench's section in the file."""
    text = page.read_text(encoding="utf-8")
    page.write_text(with_section(text, name, section), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
