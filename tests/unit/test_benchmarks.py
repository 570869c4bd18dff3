"""The benchmark still runs. That it is tried here, in a tiny way, says nothing about its numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.__main__ import PARTS, main
from benchmarks.clients import BASELINE, FASTER, OURS
from benchmarks.goals import GOALS

CALLS = {"bare socket", BASELINE, OURS, "generated alone"}
TABLES = {
    "sync": {"sync": CALLS},
    "async": {"4 at once": CALLS},
    "slow": {"waves": CALLS},
    "tls": {"sync, TLS": CALLS, "4 at once, TLS": CALLS, "waves, TLS": CALLS},
    "base64": {"1 MB": CALLS | {FASTER}, "10 MB, async": {BASELINE, OURS, FASTER}},
    "download": {
        "sync": {"bare socket", BASELINE, OURS},
        "sync, fsync": {"httpx with fsync", OURS},
        "async": {BASELINE, OURS},
        "async, fsync": {"httpx with fsync", OURS},
    },
    "memory": {"4 at once": CALLS},
    "growth": {"growth": {BASELINE, OURS, f"{OURS}, async, 16 at once"}},
    "startup": {
        "import": CALLS - {"bare socket"},
        "import and first call": CALLS - {"bare socket"},
        "qubrid --help": {"click alone", OURS},
    },
    "size": {"installed": {BASELINE, OURS}},
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_measures_every_client(part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = tmp_path / "numbers.json"
    assert main(["--tiny", "--only", part, "--json", str(numbers)]) == 0
    run = json.loads(numbers.read_text(encoding="utf-8"))
    assert run["facts"]["versions"]["httpx"]
    tables = {table["job"]: table["rows"] for table in run["parts"][0]["tables"]}
    shown = capsys.readouterr().out
    for job, clients in TABLES[part].items():
        assert clients <= tables[job].keys()
        for client in clients:
            assert f"\n  {client}  " in shown
            assert all(figure["value"]["median"] >= 0 for figure in tables[job][client].values())
    for goal in GOALS:
        if goal.part == part:
            assert any(goal.figure in rows.get(goal.row, {}) for rows in tables.values()), goal.text


def test_the_page_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(report, "DOCS", page)
    main(["--tiny", "--only", "sync", "size", "--write-docs", "--json", str(tmp_path / "numbers.json")])
    before, written, after = (page.read_text(encoding="utf-8").replace(report.END, report.BEGIN)).split(
        report.BEGIN
    )
    assert (before, after) == ("before\n", "\nafter\n")
    assert "old" not in written
    assert "| CPU per sync call | ≤ 1.05 × httpx |" in written
    assert f"| **{OURS}** |" in written
