"""The words after `python -m bot themes`; what each does is imported when it is used."""

from __future__ import annotations

from typing import Annotated

import typer

themes = typer.Typer(
    help="What has no ticket yet. List themes, join or part them, set one aside, make a ticket of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ThemeId = Annotated[int, typer.Argument(metavar="THEME", help="a theme's number, as `themes list` shows it")]


@themes.command("list")
def list_themes(
    dismissed: Annotated[bool, typer.Option("--dismissed", help="those that were set aside")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """Show what at least three people say. Rising themes come first."""
    from bot.commands.themes import list_themes as run

    run(dismissed=dismissed, as_json=as_json)


@themes.command()
def update() -> None:
    """Bring the themes up to date now. A worker does so after each matching."""
    from bot.commands.themes import update as run

    run()


@themes.command()
def show(theme: ThemeId) -> None:
    """Show one theme with each of its pieces."""
    from bot.commands.themes import show as run

    run(theme)


@themes.command()
def merge(
    theme: ThemeId,
    other: Annotated[int, typer.Argument(metavar="OTHER", help="the theme that becomes a part of it")],
) -> None:
    """Make one theme of two, for good."""
    from bot.commands.themes import merge as run

    run(theme, other)


@themes.command()
def split(
    theme: ThemeId,
    pieces: Annotated[list[int], typer.Argument(metavar="PIECE…", help="the pieces to part from it")],
) -> None:
    """Make a theme of some of a theme's pieces. The two stay apart."""
    from bot.commands.themes import split as run

    run(theme, pieces)


@themes.command()
def dismiss(theme: ThemeId) -> None:
    """Set a theme aside as not ours. It is not shown again."""
    from bot.commands.themes import dismiss as run

    run(theme)


@themes.command()
def restore(theme: ThemeId) -> None:
    """Bring back a theme that was set aside."""
    from bot.commands.themes import restore as run

    run(theme)


@themes.command()
def ticket(
    theme: ThemeId,
    project: Annotated[str, typer.Argument(help="the project's key, e.g. ABC")],
    title: Annotated[str, typer.Option("--title", help="the theme's name when left out")] = "",
) -> None:
    """Create a ticket of a theme and attach its pieces."""
    from bot.commands.themes import ticket as run

    run(theme, project, title)
