"""The package as it is installed: names, contents, import order."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from api.books import EXAMPLES

OURS = ("agent", "api", "crm", "domain", "eval", "prompts", "store", "tools")
ROOT = Path(__file__).parent.parent


def test_no_dependency_owns_one_of_our_package_names() -> None:
    owners = importlib.metadata.packages_distributions()
    foreign = {
        name: [owner for owner in owners.get(name, []) if owner != "cadastre"] for name in OURS
    }
    assert foreign == {name: [] for name in OURS}


@pytest.mark.slow
def test_the_wheel_holds_the_product_and_leaves_out_tests_and_bench(tmp_path: Path) -> None:
    # Built from a copy of what git tracks, so that nothing lying about gets in.
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing says which files belong to the project")
    built = subprocess.run(
        [
            sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path),
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {name for name in tops if not name.endswith(".dist-info")} == set(OURS)
    assert "api/example_book/Account.csv" in names
    for example in EXAMPLES[1:]:
        assert f"api/example_books/{example}/Account.csv" in names
    assert "api/defaults/coverage.toml" in names
    assert any(name.startswith("api/templates/") for name in names)
    assert any(name.startswith("prompts/") and name.endswith(".md") for name in names)
    assert any(name.startswith("store/migrations/") for name in names)


@pytest.mark.parametrize("package", OURS)
def test_importing_a_package_imports_nothing_heavy(package: str) -> None:
    code = (
        f"import sys, {package}; "
        "heavy = {'openai', 'langgraph', 'chromadb', 'pandas', 'fastapi', 'sqlalchemy'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
