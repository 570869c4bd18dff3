"""The report: tables for a terminal and for the docs."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.clients import OURS, PEERS
from benchmarks.figures import Part, Spread, Table
from benchmarks.goals import verdicts

DOCS = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN = "<!-- written by `make bench`: begin -->"
END = "<!-- end -->"

Grid = list[list[str]]


def facts() -> dict[str, Any]:
    """Return when and on what the run is made."""
    release = platform.freedesktop_os_release() if Path("/etc/os-release").exists() else {}
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "system": f"{release.get('PRETTY_NAME', platform.system())}, {platform.machine()}",
        "processor": _processor(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "versions": {peer.distribution: peer.version for peer in PEERS if peer.version},
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _value(spread: Spread, unit: str, *, alone: bool) -> str:
    text = _number(spread.median)
    if alone and spread.low != spread.high:
        text += f" ({_number(spread.low)}–{_number(spread.high)})"
    return f"{text} {unit}".strip()


def _ratio(spread: Spread) -> str:
    text = f"{spread.median:.2f}"
    return text if spread.low == spread.high else f"{text} ({spread.low:.2f}–{spread.high:.2f})"


def grid(table: Table) -> Grid:
    """Return the table's cells, its head first."""
    made: Grid = []
    for client, figures in table.rows.items():
        head, cells = [table.job], [client]
        for name, figure in figures.items():
            head.append(name)
            cells.append(_value(figure.value, figure.unit, alone=figure.ratio is None))
            if figure.ratio is not None:
                head.append(f"÷ {table.baseline}")
                cells.append(_ratio(figure.ratio))
        made = [head, *made[1:], cells]
    return made


def goals_grid(parts: Sequence[Part]) -> Grid:
    """Return the cells of the table of goals, its head first."""
    rows = [
        [seen.goal, seen.bound, f"{seen.measured:g}", "yes" if seen.met else "no"] for seen in verdicts(parts)
    ]
    return [["goal", "wanted", "measured", "met"], *rows] if rows else []


def text(title: str, grids: Sequence[Grid]) -> str:
    """Return tables as a terminal shows them."""
    lines = ["", title]
    for cells in grids:
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines.append("")
        for number, line in enumerate(cells):
            padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
            lines.append("  " + "  ".join(padded).rstrip())
            if number == 0:
                lines.append("  " + "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _markdown(cells: Grid) -> list[str]:
    lines = ["", f"| {' | '.join(cells[0])} |", f"|---{'|---:' * (len(cells[0]) - 1)}|"]
    for row in cells[1:]:
        bold = "**" if row[0].startswith(OURS) else ""
        lines.append(f"| {' | '.join(f'{bold}{cell}{bold}' for cell in row)} |")
    return lines


def markdown(seen: dict[str, Any], parts: Sequence[Part]) -> str:
    """Return the run as the docs show it."""
    versions = ", ".join(f"{name} {version}" for name, version in seen["versions"].items())
    lines = [
        f"Run on {seen['date']}: {seen['processor']}, {seen['processors']} processors, {seen['system']}.",
        f"Python {seen['python']}, {versions}. The machine's load was {seen['load']} when it began.",
        *_markdown(goals_grid(parts)),
    ]
    for part in parts:
        lines += ["", f"## {part.title}", "", part.note]
        for table in part.tables:
            lines += _markdown(grid(table))
    return "\n".join(lines)


def write_docs(seen: dict[str, Any], parts: Sequence[Part]) -> None:
    """Put the run into its page."""
    before, begin, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin
    assert end
    DOCS.write_text(f"{before}{BEGIN}\n{markdown(seen, parts)}\n{END}{after}", encoding="utf-8")
