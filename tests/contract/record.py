"""``make record``: plays every scenario against the service or the sandbox, and keeps what was said.

With ``QUBRID_API_KEY`` set, the service itself is asked, and bills; otherwise the sandbox is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import httpx

from qubrid_facade import Qubrid
from qubrid_facade.sandbox import Sandbox
from tests.contract.cassettes import FOLDER, recorder
from tests.contract.scenarios import SCENARIOS, Scenario
from tests.support.clients import Handle, Sync

# One moment for all recordings, so that recording anew changes nothing that has not changed.
_MOMENT = 1710000000.0
_SANDBOX_KEY = "any-key-will-do"


def from_sandbox(scenario: Scenario) -> Path:
    """Record ``scenario`` from the sandbox."""
    with Sandbox(clock=lambda: _MOMENT, script=scenario.script or None) as sandbox:
        origin = sandbox.base_url.removesuffix("/v1")
        client = Qubrid(api_key=_SANDBOX_KEY, base_url=sandbox.base_url, http_client=httpx.Client())
        vcr = recorder("sandbox", "all", _SANDBOX_KEY, origin)
        return _record(vcr, "sandbox", scenario, client)


def from_service(scenario: Scenario, key: str) -> Path:
    """Record ``scenario`` from the service."""
    return _record(
        recorder("live", "all", key), "live", scenario, Qubrid(api_key=key, http_client=httpx.Client())
    )


def _record(vcr: Any, source: str, scenario: Scenario, client: Qubrid) -> Path:
    path = FOLDER / source / f"{scenario.name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside the old one, which is only replaced by a whole one.
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    try:
        with vcr.use_cassette(fresh.name):
            scenario.play(Handle(Sync(), client))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def main() -> int:
    """Record everything, and say what was recorded."""
    key = os.environ.get("QUBRID_API_KEY")
    failed = 0
    for scenario in SCENARIOS:
        if key and scenario.script:
            print(f"  left out   {scenario.name}: the service cannot be told to misbehave")
            continue
        try:
            path = from_service(scenario, key) if key else from_sandbox(scenario)
        except (AssertionError, Exception) as exc:  # noqa: BLE001 - told below, and counted
            failed += 1
            print(f"  FAILED     {scenario.name}: {type(exc).__name__}: {exc}", file=sys.stderr)
        else:
            print(f"  recorded   {path.relative_to(FOLDER.parents[2])}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
