"""The command ``qubrid``: its commands are loaded when they are asked for, so that help is there at once."""

from __future__ import annotations

import importlib
import sys
from typing import Final, NamedTuple

import click

from .endings import make_streams_lenient, show_unexpected, show_usage_error
from .exits import INTERRUPTED, UNEXPECTED
from .help import write_examples, write_table


class _Lazy(NamedTuple):
    module: str
    summary: str


_COMMANDS: Final = {
    "generate": _Lazy("generate", "Make pictures from a text."),
    "params": _Lazy("params", "List the parameters that a picture can have."),
    "sandbox": _Lazy("sandbox", "Run a stand-in for the service on this machine."),
}
_ENVIRONMENT: Final = (
    ("QUBRID_API_KEY", "The key. Keys are made on the API-keys page of platform.qubrid.com."),
    ("QUBRID_MODEL", "The model to use where --model is not given."),
    ("QUBRID_BASE_URL", "The service's address, where it is not the usual one."),
)
_EXAMPLES: Final = (
    ('qubrid generate "a red fox in snow" --sandbox', "Try it out, without a key"),
    ('qubrid generate "a red fox in snow" -o fox.webp', "Make a picture"),
    ("qubrid generate --help", "See every option, and the exit statuses"),
)


class _Group(click.Group):
    """A group of commands that are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        if cmd_name not in self.commands:
            module = importlib.import_module(f".{_COMMANDS[cmd_name].module}", __package__)
            self.add_command(module.make_command(), cmd_name)
        return self.commands[cmd_name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which are there: there are few."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            names = ", ".join(_COMMANDS)
            raise click.UsageError(f"No such command '{name}'. There are: {names}.", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, without importing them."""
        write_table(formatter, "Commands", [(name, command.summary) for name, command in _COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what else is good to know."""
        write_table(formatter, "Environment", _ENVIRONMENT)
        write_examples(formatter, _EXAMPLES)


def _show_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from qubrid_api.spec import SPEC_VERSION

        from qubrid_facade._version import __version__

        click.echo(f"qubrid-facade {__version__}, spec {SPEC_VERSION}")
        ctx.exit()


def make_group() -> click.Group:
    """Return the command ``qubrid``."""
    return _Group(
        "qubrid",
        params=[
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help="Show the versions of the program and of the service's document.",
            )
        ],
        help="Make pictures with Qubrid.",
        subcommand_metavar="COMMAND ...",
    )


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    arguments = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    make_streams_lenient()
    try:
        status = make_group().main(arguments, prog_name="qubrid", standalone_mode=False)
    except click.ClickException as error:
        show_usage_error(error, as_json="--json" in arguments)
        return error.exit_code
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place that can turn it into words
        show_unexpected(error, as_json="--json" in arguments, debug="--debug" in arguments)
        return UNEXPECTED
    return status if isinstance(status, int) else 0
