"""Tries generated code in a process of its own, for tools.verify: ``python -P probe.py FOLDER < work``."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

_OWN = frozenset(
    {"cls", "d", "src_dict", "field_dict", "prop", "prop_name", "prop_dict", "cast", "isoparse"}
    | {"to_dict", "from_dict", "to_multipart", "additional_properties", "additional_keys"}
)
"""Names that generated models use themselves; only to say which property is the likely culprit."""


def main() -> None:
    """Import the modules, send every sample through its model, and print what was wrong as JSON."""
    sys.path.insert(0, sys.argv[1])
    work = json.load(sys.stdin)
    faults = list(_import_faults(work["modules"]))
    if not faults:
        models = importlib.import_module(work["models"])
        found = (_fault(getattr(models, name), sample) for name, sample in work["samples"].items())
        faults = [fault for fault in found if fault]
    print(json.dumps(faults))


def _import_faults(modules: list[str]) -> Iterator[str]:
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as exc:  # noqa: BLE001 - generated code, which may fail in any way
            yield f"{name} cannot be imported: {type(exc).__name__}: {exc}"


def _fault(model: Any, sample: dict[str, Any]) -> str | None:
    wrong = _wrong(model, sample)
    if not wrong:
        return None
    # The property to blame is the one without which all is well.
    blamed = [
        name for name in sample if not _wrong(model, {key: sample[key] for key in sample if key != name})
    ]
    blamed = blamed or [name for name in sample if _snake(name) in _OWN]
    whose = f", property {' or '.join(map(repr, blamed))}" if blamed else ""
    return f"{model.__name__}{whose}: {wrong}"


def _snake(name: str) -> str:
    return re.sub(r"\W+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).lower()


def _wrong(model: Any, sample: dict[str, Any]) -> str | None:
    try:
        got = model.from_dict(dict(sample)).to_dict()
    except Exception as exc:  # noqa: BLE001 - generated code, which may fail in any way
        return f"{type(exc).__name__}: {exc}"
    changed = [name for name in {**sample, **got} if name not in got or got[name] != sample.get(name)]
    return f"loses or changes {', '.join(map(repr, changed))}" if changed or got != sample else None


if __name__ == "__main__":
    main()
