"""How clients fail, side by side: ``python -m benchmarks.compare_faults [--write-docs]``.

The server behaviours are those of the tests (tests/faults/test_table.py and test_time.py); every client is
called in the way of its documentation, with its own default of retries. Each case is judged by the same
questions, and an answer that is not good is one of these:

crash     an exception that is none of the client's own (a JSONDecodeError, a KeyError, ...)
silent    no exception, no error object, and no picture either
repeats   a request that may have been carried out, and so billed, was sent more than once
late      half a second or more after the time that was asked for
lost      a picture that was there, and paid for, did not reach the caller
wrong     the picture of another request
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.fault_clients import CLIENTS, Ours, installed, version
from tests.faults.test_table import BODIES, FINE, LINES, PNG, ROWS, STATUSES, UNREADABLE
from tests.faults.test_time import SLOW
from tests.support.pictures import b64, picture
from tests.support.wire import Action, Close, Received, Wait, WireServer, reply

DOCS = Path(__file__).parent.parent / "docs" / "failures.md"
BEGIN = "<!-- written by `make compare`: begin -->"
END = "<!-- end -->"
ASKED, SLACK, PATIENCE = 1.0, 0.5, 3.0


class Case(NamedTuple):
    """A server behaviour, and what a caller may expect of a client that meets it."""

    group: str
    name: str
    answer: Any
    expects: str  # "an error", or "a picture"
    may_be_billed: bool = False
    timed: bool = False


def cases() -> Iterator[Case]:
    """Give every case."""
    for status in STATUSES:
        row = ROWS[f"{status} with {'a page' if status != 304 else 'nothing'}"]
        yield Case(
            "an error, with a page for a body", str(status), row.answer, "an error", row.outcome == "unknown"
        )
    for name in BODIES:
        yield Case("status 400, and a body", name, ROWS[f"400 with {name}"].answer, "an error")
    for name in UNREADABLE:
        yield Case("a success that is none", name, ROWS[f"success with {name}"].answer, "an error", True)
    for row in LINES:
        yield Case("a broken line", row.name, row.answer, "an error", row.outcome == "unknown")
    for name, (handler, _, outcome) in SLOW.items():
        answer = ended(handler)
        yield Case("a slow server", name, answer, "an error", outcome == "unknown", timed=True)
    for name, answer in FINE.items():
        yield Case("a picture in odd clothes", name, answer, "a picture")


def ended(handler: Any) -> Any:
    """Return ``handler``, hanging up after a while: not every client would."""

    def answer(request: Received) -> Iterable[Action]:
        ends = time.monotonic() + PATIENCE
        for action in handler(request):
            yield Wait(PATIENCE) if isinstance(action, Wait) and action.seconds > PATIENCE else action
            if time.monotonic() > ends:
                yield Close()

    return answer


class Player:
    """A server that does what the case named by the prompt says."""

    def __init__(self, played: dict[str, Any]) -> None:
        self.played = played
        self.seen: Counter[str] = Counter()
        self.wire = WireServer(self._play)

    def _play(self, request: Received) -> Any:
        prompt = request.json["prompt"]
        self.seen[prompt] += 1
        answer = self.played[prompt]
        return answer(request) if callable(answer) else answer


def judge(kind: Any, case: Case, prompt: str, server: Player) -> str:
    """Return what is wrong with how a client of this ``kind`` takes the case, or nothing."""
    options = {"timeout": ASKED, "max_retries": 0} if case.timed else {}
    client = kind(server.wire.base_url, **options)
    before = server.seen[prompt]
    started = time.monotonic()
    faults = []
    try:
        answer = client.generate(prompt)
        found = client.picture(answer)
    except client.errors as exc:
        if case.expects == "a picture":
            faults.append(f"lost ({type(exc).__name__})")
    except Exception as exc:  # noqa: BLE001 - what is raised is what is looked at
        faults.append(f"{'lost' if case.expects == 'a picture' else 'crash'} ({type(exc).__name__})")
    else:
        if case.expects == "a picture":
            if found != PNG:
                faults.append("lost" if found is None else "lost (garbled)")
        elif not type(answer).__name__.endswith("ErrorResponse"):
            faults.append(f"silent ({type(answer).__name__})")
    took = time.monotonic() - started
    times = server.seen[prompt] - before
    if case.may_be_billed and times > 1:
        faults.append(f"repeats ({times}×)")
    if case.timed and took > ASKED + SLACK:
        faults.append("late")
    return ", ".join(faults)


def mixed_up(kind: Any) -> str:
    """Return what is wrong when a server sends two answers to one request."""
    first, other = picture(colour="red"), picture(colour="blue")

    def handle(request: Received) -> bytes:
        one, two = (reply(200, {"data": [{"b64_json": b64(content)}]}) for content in (first, other))
        return one + two if request.json["prompt"] == "first" else one

    with WireServer(handle) as server:
        client = kind(server.base_url)
        client.picture(client.generate("first"))
        return "" if client.picture(client.generate("second")) == first else "wrong"


def compare(kinds: list[Any]) -> list[tuple[Case, list[str]]]:
    """Return each case with what is wrong with each client in it."""
    todo = list(cases())
    prompts = [f"{number}: {case.name}" for number, case in enumerate(todo)]
    found = []
    server = Player({prompt: case.answer for prompt, case in zip(prompts, todo, strict=True)})
    with server.wire:
        for case, prompt in zip(todo, prompts, strict=True):
            found.append((case, [judge(kind, case, prompt, server) for kind in kinds]))
    two = Case("a picture in odd clothes", "another answer behind it", None, "a picture")
    return [*found, (two, [mixed_up(kind) for kind in kinds])]


def tables(kinds: list[Any], found: list[tuple[Case, list[str]]]) -> str:
    """Return the results as Markdown: how many of each group go wrong, and every case."""
    heads = [version(kind) for kind in kinds]
    python = ".".join(map(str, sys.version_info[:3]))
    lines = [f"{len(found)} cases, Python {python}. Cases that go wrong:", ""]
    lines += [f"| | cases | {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) + 1)}"]
    groups = dict.fromkeys(case.group for case, _ in found)
    for group in [*groups, ""]:
        rows = [faults for case, faults in found if group in {case.group, ""}]
        wrong = [sum(bool(row[number]) for row in rows) for number in range(len(kinds))]
        cells = [f"{count}" if group else f"**{count} ({count / len(rows):.0%})**" for count in wrong]
        lines.append(f"| {group or '**all**'} | {len(rows)} | {' | '.join(cells)} |")
    lines += ["", "Of these, by kind (a case may be of several):", ""]
    lines += [f"| | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    for word in ("crash", "silent", "repeats", "late", "lost", "wrong"):
        counts = [sum(word in faults[number] for _, faults in found) for number in range(len(kinds))]
        lines.append(f"| {word} | {' | '.join(map(str, counts))} |")
    for group in groups:
        lines += ["", "<details>", f"<summary>Each case of: {group}</summary>", ""]
        lines += [f"| {group} | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
        for case, faults in found:
            if case.group == group:
                lines.append(f"| {case.name} | {' | '.join(fault or 'good' for fault in faults)} |")
        lines += ["", "</details>"]
    return "\n".join(lines)


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare_faults")
    parser.add_argument("--write-docs", action="store_true", help=f"put the tables into {DOCS.name}")
    write = parser.parse_args().write_docs
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
    # How long clients wait between attempts is not compared, and would take minutes.
    time.sleep = lambda _seconds: None
    kinds = installed()
    for missing in [client for client in CLIENTS if client not in kinds]:
        print(f"{missing.name} is left out: `make compare` installs it", file=sys.stderr)
    found = compare(kinds)
    text = tables(kinds, found)
    if write:
        before, _, rest = DOCS.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        DOCS.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    else:
        print(text)
    return int(any(faults[kinds.index(Ours)] for _, faults in found))


if __name__ == "__main__":
    sys.exit(main())
