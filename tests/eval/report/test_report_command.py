"""`cadastre eval report`, in this process: two logs on disk become one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.cli.entry import run as run_command
from eval.logs import Log, write_log, write_scores
from eval.scorers import SCORERS
from eval.scoring import score
from tests.eval.commands import installed
from tests.eval.report.tiny_run import dataset, earlier, run


def written(folder: Path, log: Log, *, scored: bool = True) -> Path:
    write_log(folder, log.run, log.samples, log.timings)
    if scored:
        write_scores(folder, score(dataset(), log, SCORERS))
    return folder


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(installed(tmp_path / "ours"))

    def command(*words: object) -> int:
        with pytest.raises(SystemExit) as ended:
            run_command(["eval", "report", *map(str, words)])
        return int(ended.value.code or 0)

    return command


def test_a_report_is_written_with_the_products_own_scorers(
    report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now, before = written(tmp_path / "now", run()), written(tmp_path / "before", earlier())
    out = tmp_path / "reports" / "report.html"

    assert report(dataset().folder, now, "--against", before, "--out", out) == 0
    text = out.read_text(encoding="utf-8")
    assert "<h1>by hand on small 1</h1>" in text
    assert "Against last week" in text
    for scorer in SCORERS:
        assert scorer.name.replace("_", " ").capitalize() in text
    assert f"{out}: 3 tasks, by hand" in capsys.readouterr().out


def test_without_latency_a_run_on_a_slower_machine_gives_the_same_bytes(
    report, tmp_path: Path
) -> None:
    texts = []
    for name, seconds in (("quick", 0.1), ("slow", 7.0)):
        log = written(tmp_path / name, run(seconds=seconds))
        out = tmp_path / f"{name}.html"
        assert report(dataset().folder, log, "--without-latency", "--out", out) == 0
        texts.append(out.read_bytes())

    assert texts[0] == texts[1]


def test_a_log_without_scores_is_refused_with_what_to_do(
    report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = written(tmp_path / "now", run(), scored=False)

    assert report(dataset().folder, log, "--out", tmp_path / "x.html") == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "has no scores of 3 of its 3 samples" in said
    assert "cadastre eval score DATASET LOG" in said
    assert not (tmp_path / "x.html").exists()
