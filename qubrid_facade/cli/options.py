"""The options of ``qubrid generate`` that are the command's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import click
from qubrid_api.spec import DEFAULT_MODEL

from .help import GroupedOption
from .spec_options import json_value

_PICTURE, _OUTPUT, _SERVICE, _PATIENCE, _OTHER = (
    "What to make",
    "What comes out",
    "Service and key",
    "Patience",
    "Other",
)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """The values of these options."""

    count: int
    extra: tuple[tuple[str, Any], ...]
    output: str | None
    overwrite: bool
    as_json: bool
    quiet: bool
    sandboxed: bool
    key_file: str | None
    base_url: str | None
    timeout: float | None
    deadline: float | None
    retries: int
    retry_unknown: bool
    debug: bool


class ExtraType(click.ParamType):  # type: ignore[type-arg] # generic since click 8.4 only
    """Reads NAME=VALUE, where VALUE is JSON, or a string if it is none."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the name and the value."""
        if not isinstance(value, str):
            return value
        name, equals, text = value.partition("=")
        if not equals or not name.strip():
            self.fail(f"{value!r} is not of the form NAME=VALUE, such as width=1024.", param, ctx)
        return name.strip(), json_value(text)


_POSITIVE = click.FloatRange(min=0, min_open=True)
MODEL: Final = GroupedOption(
    ["-m", "--model", "model"],
    group=_PICTURE,
    metavar="ID",
    help=f"The model's id.  [default: QUBRID_MODEL, else {DEFAULT_MODEL}]",
)
FIRST: Final = (
    GroupedOption(
        ["-n", "--n", "count"],
        group=_PICTURE,
        type=click.IntRange(min=1),
        default=1,
        metavar="N",
        help="Make N pictures, by N requests with different seeds: --seed and the numbers after it, or else "
        "drawn ones, which are shown.",
    ),
    GroupedOption(
        ["-p", "--param", "extra"],
        group=_PICTURE,
        type=ExtraType(),
        multiple=True,
        metavar="NAME=VALUE",
        help="Send any other parameter, or a value of another type than the document's. VALUE is JSON, or "
        "else a string. Can be repeated.",
    ),
)
LAST: Final = (
    GroupedOption(
        ["-o", "--output", "output"],
        group=_OUTPUT,
        metavar="FILE|FOLDER",
        help="Where to save: a file, or a folder (one that exists, or with a slash at the end). A wrong "
        "suffix is corrected.  [default: here, named after the prompt]",
    ),
    GroupedOption(
        ["--overwrite"],
        group=_OUTPUT,
        is_flag=True,
        help="Replace files that are there. Without it, names get -2, -3 and so on, and an --output file "
        "that is there already is an error before anything is sent.",
    ),
    GroupedOption(
        ["--json", "as_json"],
        group=_OUTPUT,
        is_flag=True,
        help="Print the pictures as one JSON array, and each error as a line of JSON on stderr.",
    ),
    GroupedOption(
        ["-q", "--quiet", "quiet"], group=_OUTPUT, is_flag=True, help="Print only paths and errors."
    ),
    GroupedOption(
        ["--sandbox", "sandboxed"],
        group=_SERVICE,
        is_flag=True,
        help="Try it out: a sandbox inside this command draws the pictures. No key, no network, no bill.",
    ),
    GroupedOption(
        ["--key-file", "key_file"],
        group=_SERVICE,
        metavar="FILE",
        help="Read the key from the first line of FILE.  [default: the key in QUBRID_API_KEY]",
    ),
    GroupedOption(
        ["--base-url", "base_url"],
        group=_SERVICE,
        metavar="URL",
        help="The service's address.  [default: QUBRID_BASE_URL, else the document's]",
    ),
    GroupedOption(
        ["--timeout", "timeout"],
        group=_PATIENCE,
        type=_POSITIVE,
        metavar="SECONDS",
        help="How long one attempt may take, and fetching the picture.  [default: 300, and 120 for fetching]",
    ),
    GroupedOption(
        ["--deadline", "deadline"],
        group=_PATIENCE,
        type=_POSITIVE,
        metavar="SECONDS",
        help="How long all attempts for a picture may take together.",
    ),
    GroupedOption(
        ["--retries", "retries"],
        group=_PATIENCE,
        type=click.IntRange(min=0),
        default=2,
        metavar="N",
        help="How often to try again when the service is busy or out of reach.  [default: 2]",
    ),
    GroupedOption(
        ["--retry-unknown", "retry_unknown"],
        group=_PATIENCE,
        is_flag=True,
        help="Also try again when nobody can tell whether the request was carried out: the picture may be "
        "billed twice.",
    ),
    GroupedOption(["--debug"], group=_OTHER, is_flag=True, help="Show a traceback with each error."),
)

EXAMPLES: Final = (
    ('qubrid generate "a red fox in snow"', "A picture, saved in this folder"),
    ('qubrid generate "a red fox in snow" --sandbox', "Without a key, to see how it works"),
    ('qubrid generate "a red fox in snow" -n 4 -o foxes/', "Four different ones, in a folder"),
    ('qubrid generate "a red fox in snow" --seed 7 -o fox.webp', "One that can be made again, as fox.webp"),
    ('qubrid generate "at night" --image fox.webp -p width=1024', "From a picture, and one parameter more"),
    ("qubrid generate \"a red fox in snow\" --json | jq -r '.[].path'", "For a script"),
)
