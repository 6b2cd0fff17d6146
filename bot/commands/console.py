"""What commands print, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


def say(text: str) -> None:
    """Print a line to standard output, as it is."""
    Console(highlight=False, markup=False, soft_wrap=True).print(text)


@contextmanager
def steps() -> Iterator[Callable[[str], Callable[[str], None]]]:
    """Show steps as they go: step(title) begins one and returns what updates its note. Quiet where nobody watches."""
    console = Console(stderr=True, highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[note]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        open_steps: list[TaskID] = []

        def step(title: str) -> Callable[[str], None]:
            for done in open_steps:
                progress.update(done, total=1, completed=1)
            line = progress.add_task(title, total=None, note="")
            open_steps.append(line)
            return lambda note: progress.update(line, note=note)

        yield step
        for done in open_steps:
            progress.update(done, total=1, completed=1)
