"""Python in the documentation runs as it stands there."""

import re
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[1] / "docs" / "library.md"


def test_every_python_block_of_the_library_page_runs_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = LIBRARY.read_text(encoding="utf-8")
    blocks = list(re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert len(blocks) >= 7
    monkeypatch.chdir(tmp_path)

    shared: dict[str, object] = {}
    for block in blocks:
        # Blank lines first, so that a failure names the line of the page.
        lines_before = text[: block.start(1)].count("\n")
        source = "\n" * lines_before + block.group(1)
        exec(compile(source, str(LIBRARY), "exec"), shared)
