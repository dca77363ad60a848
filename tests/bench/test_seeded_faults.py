"""The listed faults still apply to the code there is, and each makes a program that compiles."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.seeded_faults import listed_faults, scratch_copy


def test_every_listed_fault_applies_once_and_compiles() -> None:
    faults = listed_faults()

    assert len(faults) >= 40
    assert len({fault.key for fault in faults}) == len(faults)
    for fault in faults:
        compile(fault.text, fault.file, "exec")


def test_a_fault_whose_words_moved_on_is_named(tmp_path: Path) -> None:
    fault = listed_faults()[0]
    for other in listed_faults():
        (tmp_path / other.file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / other.file).write_text("", encoding="utf-8")

    with pytest.raises(ValueError, match=f"Fault '{fault.key}': .* stands 0 times in {fault.file}"):
        listed_faults(tmp_path)


def test_a_scratch_copy_differs_in_the_fault_alone_and_is_gone_afterwards() -> None:
    fault = listed_faults()[0]
    root = Path(__file__).parents[2]

    with scratch_copy(fault) as copy:
        assert (copy / fault.file).read_text(encoding="utf-8") == fault.text
        assert (copy / "tools/facts.py").read_bytes() == (root / "tools/facts.py").read_bytes()
    assert not copy.exists()
