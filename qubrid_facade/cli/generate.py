"""``qubrid generate``."""

from __future__ import annotations

import json
import os
import random
import sys
from contextlib import ExitStack
from typing import Any, Final, NamedTuple

import click
from qubrid_api.image_parameters import PARAMETERS
from qubrid_api.spec import SPEC_VERSION

from .exits import TABLE
from .help import HelpfulCommand
from .options import EXAMPLES, FIRST, LAST, MODEL, Wishes
from .spec_options import given_parameters, spec_options

_SEEDS: Final = 2**31
_GROUP: Final = f"Parameters of the service (spec {SPEC_VERSION}; only what is given is sent)"


class Request(NamedTuple):
    """What to ask for in one request, and the seed that it is shown with."""

    parameters: dict[str, Any]
    extra_body: dict[str, Any]
    seed: Any


def make_command() -> click.Command:
    """Return the command, with an option for every parameter of the document."""
    documented = {one.name: one for one in PARAMETERS if one.name != "prompt"}
    own = (*FIRST, *LAST)
    taken = {"--help", *MODEL.opts, *(flag for option in own for flag in option.opts)}
    model = {"model": MODEL} if "model" in documented else {}
    others = tuple(one for one in documented.values() if one.name != "model")
    options = {**model, **spec_options(others, taken, _GROUP)}

    def generate(prompt: tuple[str, ...], **values: Any) -> int:
        context = click.get_current_context()
        given = given_parameters(options, values)
        wishes = Wishes(**{str(option.name): values[str(option.name)] for option in own})
        # What images.generate has an argument of its own for travels beside it; -p wins over both.
        body = {name: given.pop(name) for name in list(given) if not documented[name].by_name}
        body.update(wishes.extra)
        for name, parameter in documented.items():
            if parameter.required and name != "model" and name not in given and name not in body:
                flag = options[name].opts[0]
                raise click.UsageError(f"The service requires {flag}; it was not given.", context)
        plain = {name: value for name, value in given.items() if not documented[name].is_image}
        _check_text([plain, body], context)
        return _carry_out(_one_prompt(prompt, context), given, body, wishes, context)

    return HelpfulCommand(
        "generate",
        callback=generate,
        params=[
            click.Argument(["prompt"], nargs=-1, required=True, metavar="PROMPT"),
            *model.values(),
            *FIRST,
            *(option for name, option in options.items() if name not in model),
            *LAST,
        ],
        help="Make a picture from the text PROMPT, save it, and print where it is.\n\n"
        "The key is read from the environment variable QUBRID_API_KEY, or from a file (--key-file).",
        examples=EXAMPLES,
        tables=(("Exit statuses", tuple((str(row.status), row.meaning) for row in TABLE)),),
    )


def seeded(count: int, parameters: dict[str, Any], body: dict[str, Any]) -> list[Request]:
    """Return ``count`` requests with seeds of their own.

    A seed that is given goes up by one from picture to picture. Null and negative ones, with which some
    models draw a seed themselves, stay as they are. Without one, a single request goes without, and several
    get drawn ones, so that each picture can be made again.
    """
    where = body if "seed" in body else parameters
    if "seed" not in where and (count == 1 or all(one.name != "seed" for one in PARAMETERS)):
        return [Request(parameters, body, None)] * count
    first = where["seed"] if "seed" in where else random.SystemRandom().randrange(_SEEDS - count)
    counts_up = isinstance(first, int) and not isinstance(first, bool) and first >= 0
    requests = []
    for number in range(count):
        seed = first + number if counts_up else first
        changed = {**where, "seed": seed}
        requests.append(Request(parameters, changed, seed) if where is body else Request(changed, body, seed))
    return requests


def _one_prompt(words: tuple[str, ...], context: click.Context) -> str:
    if len(words) > 1:
        quoted = " ".join(words).replace('"', '\\"')
        raise click.UsageError(f'The prompt must be one argument, in quotes: "{quoted}".', context)
    try:
        # Where the locale is not UTF-8, the terminal may be all the same.
        return os.fsencode(words[0]).decode()
    except UnicodeError:
        raise click.UsageError("The prompt is not valid UTF-8.", context) from None


def _check_text(values: Any, context: click.Context) -> None:
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeError:
        raise click.UsageError("The value of an option is not valid UTF-8.", context) from None


def _carry_out(
    prompt: str,
    parameters: dict[str, Any],
    body: dict[str, Any],
    wishes: Wishes,
    context: click.Context,
) -> int:
    if wishes.sandboxed and (wishes.base_url or wishes.key_file):
        raise click.UsageError("--sandbox goes with neither --base-url nor --key-file.", context)
    if wishes.output == "":
        raise click.UsageError("--output takes a file or a folder, and is empty.", context)
    if wishes.output == "-":
        raise click.UsageError("--output takes a file or a folder; stdout is for paths.", context)
    # Not before now: help and usage errors need nothing of this.
    from qubrid_facade import QubridError, RetryPolicy
    from qubrid_facade._secrets import Secret

    from .destination import Destination
    from .job import Job
    from .keys import find_key
    from .progress import Progress
    from .report import Report
    from .sandbox import KEY, start_embedded

    report = Report(wishes.as_json, wishes.quiet, wishes.debug)
    silent = wishes.quiet or wishes.as_json
    progress = Progress(
        wishes.count,
        wishes.retries + 1,
        live=not silent and sys.stderr.isatty() and os.environ.get("TERM") != "dumb",
        tell=report.note,
    )
    destination: Destination | None = None
    try:
        with ExitStack() as stack:
            key = KEY if wishes.sandboxed else find_key(wishes.key_file, report.warn)
            if not wishes.sandboxed:
                report.redact = Secret(key).redact
            destination = Destination.prepare(wishes.output, prompt, overwrite=wishes.overwrite)
            base_url = wishes.base_url
            if wishes.sandboxed:
                base_url = start_embedded(stack)
                report.note("These pictures are drawn by the sandbox, not by the service.")
            job = Job(
                prompt=prompt,
                requests=seeded(wishes.count, parameters, body),
                base_url=base_url,
                key=key,
                sandboxed=wishes.sandboxed,
                timeout=wishes.timeout,
                deadline=wishes.deadline,
                retry=RetryPolicy(max_retries=wishes.retries, retry_unknown_outcome=wishes.retry_unknown),
            )
            job.run(destination, progress, report)
    except KeyboardInterrupt:
        report.interrupted("Interrupted; no request was under way.")
    except QubridError as error:
        report.failure(error)
    except OSError:
        raise  # whoever read our output is gone: nobody is left to tell
    except Exception:
        report.finish()
        raise
    finally:
        if destination is not None:
            destination.tidy()
    report.finish()
    return report.status
