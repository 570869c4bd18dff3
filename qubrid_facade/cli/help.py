"""Help that is worth reading: options in groups, and examples and tables below them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

Row = tuple[str, str]
_REST: Final = "Other"


class GroupedOption(click.Option):
    """An option that is listed under a heading of its own."""

    def __init__(self, *args: Any, group: str = _REST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group

    def get_help_extra(self, ctx: click.Context) -> Any:
        """Return nothing to add to the help, which says it in words already."""
        return {}


class HelpfulCommand(click.Command):
    """A command whose help has its options in groups, and then examples and tables.

    Args:
        *args: As for click's own.
        examples: Command lines, each with what it does.
        tables: Titles, each with rows of two columns.
        **kwargs: As for click's own.
    """

    def __init__(
        self,
        *args: Any,
        examples: Sequence[Row] = (),
        tables: Iterable[tuple[str, Sequence[Row]]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self.tables = tuple(tables)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings, in the order of their first options."""
        groups: dict[str, list[Row]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            # Arguments are in the usage line and the text.
            if record is not None and isinstance(parameter, click.Option):
                groups.setdefault(getattr(parameter, "group", _REST), []).append(record)
        for title, rows in groups.items():
            write_table(formatter, title if len(groups) > 1 else "Options", rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples and the tables."""
        write_examples(formatter, self.examples)
        for title, rows in self.tables:
            write_table(formatter, title, rows)


def write_table(formatter: click.HelpFormatter, title: str, rows: Sequence[Row]) -> None:
    """Write ``rows`` under ``title``."""
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def write_examples(formatter: click.HelpFormatter, examples: Sequence[Row]) -> None:
    """Write each example below what it does; command lines are never wrapped."""
    if not examples:
        return
    with formatter.section("Examples"):
        indent = " " * formatter.current_indent
        for command, meaning in examples:
            formatter.write(f"{indent}{meaning}:\n{indent}  {command}\n")
