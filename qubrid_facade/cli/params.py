"""``qubrid params``."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from qubrid_api.image_parameters import PARAMETERS, Parameter
from qubrid_api.spec import CREATE_IMAGE, OPERATIONS, SPEC_VERSION

from .help import GroupedOption, HelpfulCommand
from .spec_options import default_words, type_words

# Wide enough that each parameter has one line, for grep and the like.
_UNBOUNDED = 10_000


def make_command() -> click.Command:
    """Return the command."""
    return HelpfulCommand(
        "params",
        callback=_run,
        params=[GroupedOption(["--json", "as_json"], is_flag=True, help="Print them as one JSON document.")],
        help="List the parameters that the service's document has for a picture.\n\n"
        "Each is an option of 'qubrid generate' and a keyword of images.generate(). Defaults are the "
        "service's to apply, and may differ by model: what is not given is not sent.",
        examples=(
            ("qubrid params", "Read them"),
            ("qubrid params --json | jq -r '.parameters[].name'", "Their names"),
        ),
    )


def _run(as_json: bool) -> int:
    method, path = next((key for key, module in OPERATIONS.items() if module == CREATE_IMAGE), ("post", ""))
    operation = f"{method.upper()} {path}"
    if as_json:
        document = {
            "spec_version": SPEC_VERSION,
            "operation": operation,
            "parameters": [_as_json(parameter) for parameter in PARAMETERS],
        }
        click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=str))
    else:
        click.echo(_table(f"Parameters of {operation}, spec {SPEC_VERSION}"), nl=False)
    return 0


def _as_json(parameter: Parameter) -> dict[str, Any]:
    fields = parameter._asdict()
    if not parameter.has_default:
        del fields["default"]
    return fields


def _table(title: str) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else _UNBOUNDED)
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    table = Table(title=title, title_justify="left", box=box.ASCII2 if plain else box.SIMPLE_HEAD)
    table.add_column("Name", no_wrap=True, style="bold")
    table.add_column("Type")
    table.add_column("Default")
    table.add_column("Meaning")
    for one in PARAMETERS:
        default = "required" if one.required else default_words(one)
        # As Text: a description may hold what rich would take for markup.
        table.add_row(*(Text(cell) for cell in (one.name, type_words(one), default, one.description)))
    with console.capture() as capture:
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())
