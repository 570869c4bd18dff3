"""``qubrid sandbox``, and the sandbox inside ``qubrid generate --sandbox``."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import click

from .help import GroupedOption, HelpfulCommand

if TYPE_CHECKING:
    from qubrid_facade.sandbox import RecordedRequest, Sandbox

KEY: Final = "no-key-needed-by-the-sandbox"
_PORT: Final = 4010
_UNUSABLE: Final = 3


def start_embedded(stack: ExitStack) -> str:
    """Start a sandbox that ends with ``stack``, and return its base URL.

    Raises:
        ConfigurationError: It is not installed.
    """
    from qubrid_facade import ConfigurationError

    try:
        from qubrid_facade.sandbox import Sandbox
    except ModuleNotFoundError as missing:
        raise ConfigurationError(_not_installed(missing)) from None
    return stack.enter_context(Sandbox()).base_url


def make_command() -> click.Command:
    """Return the command."""
    return HelpfulCommand(
        "sandbox",
        callback=_run,
        params=[
            GroupedOption(
                ["--host"],
                default="127.0.0.1",
                help="Where to listen.  [default: 127.0.0.1, for this machine only]",
            ),
            GroupedOption(
                ["--port"],
                type=click.IntRange(0, 65535),
                metavar="PORT",
                default=_PORT,
                help=f"The port; 0 takes any that is free.  [default: {_PORT}]",
            ),
            GroupedOption(
                ["--script"],
                metavar="STEPS",
                help="Misbehave: what to do with the first requests, such as "
                "'status=429; retry-after=2; times=2, delay=5'. docs/sandbox.md has all the words.",
            ),
            GroupedOption(
                ["-q", "--quiet", "quiet"], is_flag=True, help="Do not print a line for each request."
            ),
        ],
        help="Run a server on this machine that stands in for the service, until Ctrl-C.\n\n"
        "It follows the service's document, takes any key, and draws its pictures itself. Nothing is billed.",
        examples=(
            ("qubrid sandbox", "Start it; what to set in another terminal is printed"),
            (
                "qubrid sandbox --script 'status=429; retry-after=2; times=2'",
                "See how a program waits and goes on",
            ),
        ),
    )


def _run(host: str, port: int, script: str | None, quiet: bool) -> int:
    try:
        from qubrid_facade.sandbox import serve
    except ModuleNotFoundError as missing:
        click.echo(f"Error: {_not_installed(missing)}", err=True)
        return _UNUSABLE
    try:
        serve(host, port, script, None if quiet else _show_request, on_start=_show_address)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="'--script'") from None
    except OSError as error:
        click.echo(f"Error: {error.strerror or error}. Choose another --port or --host.", err=True)
        return _UNUSABLE
    click.echo("Stopped.", err=True)
    return 0


def _show_address(sandbox: Sandbox) -> None:
    click.echo(
        f"The sandbox listens on {sandbox.base_url} until Ctrl-C. To use it, in another terminal:\n"
        f"  export QUBRID_BASE_URL={sandbox.base_url}\n"
        f"  export QUBRID_API_KEY=any-key"
    )
    sys.stdout.flush()


def _show_request(request: RecordedRequest, status: int | None, seconds: float) -> None:
    path = request.path.partition("?")[0]
    click.echo(f"{request.method} {path}: {status or 'no answer'}, {seconds:.2f} s", err=True)


def _not_installed(missing: ModuleNotFoundError) -> str:
    if (missing.name or "").startswith("qubrid"):
        raise missing
    return 'The sandbox is not installed. Install it with: pip install "qubrid-facade[sandbox]"'
