"""The command line: `python -m bot COMMAND`.

Each command imports what it needs, so that --help answers at once.
"""

from __future__ import annotations

import gc
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.themes_cli import themes
from bot.errors import SettingError

app = typer.Typer(
    name="python -m bot",
    help="Voc: customers' words, on the ticket that they are about and in a weekly digest.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# Looked for when so many more objects are there, not 700: nearly all that a start makes stays.
GARBAGE = 50_000

Data = Annotated[Path | None, typer.Option("--data", help="a folder with feedback.csv and tickets.csv")]
Since = Annotated[
    datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="start of a first import (UTC)")
]
SourceName = Annotated[str, typer.Option("--source", help="the source's name; all of them when left out")]


@app.command()
def demo(
    data: Data = None,
    once: Annotated[bool, typer.Option("--once", help="exit when the job is done")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="write what happened to this JSON file")
    ] = None,
    now: Annotated[str, typer.Option("--now", help="the demo's time, e.g. 2026-11-23T09:00:00Z")] = "",
) -> None:
    """Run the whole job against stand-ins here. It needs no account and no network."""
    from bot.demo.run import run

    run(data, once=once, report=report, now=now)


@app.command()
def up() -> None:
    """Run everything in one process. The database is brought up to date first."""
    from bot.commands.running import up as run_all

    run_all()


@app.command()
def serve() -> None:
    """Answer Slack, probes and metrics on PORT. With an app-level token, Slack through a socket."""
    from bot.commands.running import serve as run_web

    run_web()


@app.command()
def work() -> None:
    """Do the work: sync, match, annotate, post."""
    from bot.commands.running import work as run_worker

    run_worker()


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from bot.commands.store import migrate as run_migrations

    run_migrations()


@app.command()
def sync(since: Since = None, source: SourceName = "") -> None:
    """Read what changed and match it. It goes on where it stopped; nothing is written outside."""
    from bot.commands.reading import sync as run_sync

    run_sync(since, source)


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="a .csv or .jsonl file")],
    source: Annotated[str, typer.Option("--source", help="a name for where it comes from")],
    mapping: Annotated[Path | None, typer.Option("--map", help="which column means what (TOML)")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check every row, store nothing")] = False,
) -> None:
    """Read feedback from a file. Reading it again changes nothing."""
    from bot.commands.importing import import_file as run_import

    run_import(file, source, mapping, dry_run=dry_run)


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False) -> None:
    """Show how things stand. Each source, what was matched, what waits."""
    from bot.commands.looking import status as show

    show(as_json=as_json)


app.add_typer(themes, name="themes")


@app.command()
def ticket(
    piece: Annotated[int, typer.Argument(metavar="PIECE", help="its number, as `themes show` tells it")],
    project: Annotated[str, typer.Argument(help="the project's or team's key, e.g. ABC")],
    title: Annotated[str, typer.Option("--title", help="the piece's first words when left out")] = "",
) -> None:
    """Create a ticket of a piece and attach it there."""
    from bot.commands.ticketing import ticket as run_ticket

    run_ticket(piece, project, title)


@app.command()
def check() -> None:
    """Ask each integration whether it works. What is missing is named."""
    from bot.commands.looking import check as run_check

    run_check()


@app.command()
def switch(
    project: Annotated[str, typer.Argument(help="the project's or team's key, e.g. ABC")],
    attach: Annotated[
        bool | None, typer.Option("--attach/--no-attach", help="attach without a person")
    ] = None,
    write: Annotated[
        bool | None, typer.Option("--write/--no-write", help="annotate the project's tickets")
    ] = None,
    earn: Annotated[bool, typer.Option("--earn", help="let the answers decide about attaching")] = False,
) -> None:
    """Show or set what a project allows. Both switches are off at first; answers can open `attach`."""
    from bot.commands.store import switch as set_switches

    set_switches(project, attach=attach, write=write, earn=earn)


@app.command()
def annotate(
    keys: Annotated[
        list[str] | None, typer.Argument(help="tickets' keys; all that are due when left out")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="print what would be written, write nothing")
    ] = False,
) -> None:
    """Write what tickets lack, or print it. Only projects whose `write` switch is on are written to."""
    from bot.commands.writing import annotate as run_annotate

    run_annotate(keys or [], dry_run=dry_run)


@app.command()
def writes(act: Annotated[str, typer.Argument(help="stop, resume or status")] = "status") -> None:
    """Stop everything that goes out, at once, or let it go on. What is due waits."""
    from bot.commands.writing import writes as run_writes

    run_writes(act)


@app.command()
def unlink(
    item: Annotated[str, typer.Argument(help="the piece's number, or its link's key: voc:zendesk:123:1")],
) -> None:
    """Take a piece off its ticket, as Undo on its card does. Voc learns from it."""
    from bot.commands.writing import unlink as run_unlink

    run_unlink(item)


@app.command()
def model(
    act: Annotated[str, typer.Argument(help="refit, or use; nothing lists the versions")] = "",
    name: Annotated[str, typer.Argument(help="the version to use")] = "",
) -> None:
    """Show the matching model's versions, refit it from answers, or use another."""
    from bot.commands.learning import model as run_model

    run_model(act, name)


@app.command()
def init() -> None:
    """Ask for tokens and write the settings. Each is checked live; Slack's manifest is written too."""
    from bot.commands.connecting import init as run_init

    run_init()


@app.command()
def manifest() -> None:
    """Print Slack's app manifest, made of the settings."""
    from bot.commands.connecting import manifest as run_manifest

    run_manifest()


@app.command()
def connect(
    integration: Annotated[str, typer.Argument(help="zendesk, jira or linear")],
    paste: Annotated[bool, typer.Option("--paste", help="paste the code instead of being sent back")] = False,
) -> None:
    """Connect an account by OAuth, or with a token that is asked for. What is stored is encrypted."""
    from bot.commands.connecting import connect as run_connect

    run_connect(integration, paste=paste)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="where to; must not exist")]) -> None:
    """Copy the database while everything goes on."""
    from bot.commands.store import backup as run_backup

    run_backup(file)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="a folder with feedback.csv, tickets.csv and truth.csv")],
    json_file: Annotated[Path | None, typer.Option("--json", help="write the figures to this file")] = None,
    embedder: Annotated[
        list[str] | None, typer.Option("--embedder", help="which vectors compare meanings; repeatable")
    ] = None,
    leave_out: Annotated[
        int, typer.Option("--leave-out", min=0, help="take away so many tickets: no ticket fits their pieces")
    ] = 0,
    examples: Annotated[
        int | None, typer.Option("--examples", min=0, help="attach so many of history.csv a ticket, not all")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="chooses both; the same number chooses alike")
    ] = None,
) -> None:
    """Measure matching where answers are known."""
    from bot.commands.looking import evaluate as run_evaluation

    chosen = embedder or ["minilm"]
    run_evaluation(folder, json_file, chosen, leave_out=leave_out, examples=examples, seed=seed)


def main() -> None:
    """Run a command. What an operator can act on is told in one line.

    A wrong setting ends with 2, all else with 1.
    """
    gc.set_threshold(GARBAGE)
    try:
        app()
    except Exception as exc:
        from bot.commands.faults import told

        if (line := told(exc)) is None:
            raise
        is_setting = isinstance(exc, SettingError)
        sys.stderr.write(f"{line}\n" if is_setting else f"voc: {line}\n")
        sys.exit(2 if is_setting else 1)
    finally:
        gc.freeze()  # what is left ends with the process: looking through it takes a tenth of a command


if __name__ == "__main__":
    main()
