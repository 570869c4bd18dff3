"""How the command ends when it does not end well, and the streams that it says so on."""

from __future__ import annotations

import sys

import click

from .exits import UNEXPECTED


def _show_json(**error: object) -> None:
    import json

    click.echo(json.dumps({"error": error}, ensure_ascii=False), err=True)


def show_usage_error(error: click.ClickException, *, as_json: bool) -> None:
    """Print what is wrong with the command line."""
    message = error.format_message()
    if isinstance(error, click.NoSuchOption) and error.option_name.endswith(("key", "token")):
        # Others would see it in the list of processes, and it would stay in the shell's history.
        message = "A key is never given on the command line: set QUBRID_API_KEY, or use --key-file FILE."
    if not as_json:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "qubrid"
        click.echo(f"Error: {message}\nTry '{command} --help'.", err=True)
        return
    kind = {"class": type(error).__name__}
    _show_json(**kind, message=message, outcome="not_sent", exit_status=error.exit_code)


def show_unexpected(error: BaseException, *, as_json: bool, debug: bool) -> None:
    """Print an error that nobody thought of."""
    words = " ".join(str(error).split())
    if as_json:
        _show_json(**{"class": type(error).__name__}, message=words, exit_status=UNEXPECTED)
    if debug:
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    if debug or as_json:
        return
    click.echo(
        f"Error: something unexpected happened: {type(error).__name__}: {words}\n"
        "Run it again with --debug to see where, and please report it.",
        err=True,
    )


def make_streams_lenient() -> None:
    """Let nothing that is printed fail for want of a character in the terminal's encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            utf8 = (stream.encoding or "").lower().replace("-", "") == "utf8"
            # In UTF-8 only a file name of undecodable bytes can fail, and those go out as they came.
            reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")
