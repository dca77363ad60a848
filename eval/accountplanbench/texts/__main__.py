"""Print samples for a person to read: `python -m eval.accountplanbench.texts [NAME ...] [SEED]`.

Without a name one text of each topic; with the names of groups or topics, every wording of them.
"""

from __future__ import annotations

import random
import sys

from eval.accountplanbench.texts import GROUPS, Written, topics, wordings
from eval.accountplanbench.texts.compose import compose
from eval.accountplanbench.texts.samples import LARKFIELD


def main(arguments: list[str]) -> None:
    """Print what `arguments` name, with the choices of the seed among them (or of 0)."""
    seed = next((int(word) for word in arguments if word.isdigit()), 0)
    names = [word for word in arguments if not word.isdigit()]
    for group in GROUPS:
        for topic in topics(group):
            whole = group in names or topic in names
            if names and not whole:
                continue
            print(f"\n##### {group} / {topic}")
            families = wordings(topic)
            rng = random.Random(f"{seed} {topic}")  # noqa: S311, no secret hangs on it
            for wording in families if whole else [rng.choice(families)]:
                _show(compose(topic, wording, LARKFIELD, rng))


def _show(written: Written) -> None:
    mark = "closed" if written.closed else "open"
    print(f"\n--- {written.wording} ({mark}, {written.kind}) {written.title}")
    print(written.text.replace(written.span, f"[[{written.span}]]", 1))
    for trace in written.traces:
        print(f"    trace: {trace}")
    if written.other is not None:
        _show(written.other)


if __name__ == "__main__":
    main(sys.argv[1:])
