"""`python -m benchmarks [NAME…]`: run the named benchmarks, else all short ones; a table, and JSON files."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Iterator

from rich.console import Console

from benchmarks.figures import Figure, Skipped, keep, show

BENCHMARKS = {
    "help_seconds": "starting.help_seconds",
    "serve_memory": "starting.serve_memory",
    "demo_nextcloud": "demo.nextcloud",
    "banking77": "demo.banking77",
    "text_docs": "texts.text_docs",
    "asks": "texts.asks",
    "matching": "quality.matching",
    "pieces": "scale.pieces",
    "large_index": "scale.large",
    "embedding": "embedding.embedding",
    "refit": "learning.refit_seconds",
    "themes": "themes.themes",
    "slack_ack": "acknowledging.slack_ack",
    "slack_answers": "answering.slack_answers",
    "answer_cpu": "costing.answer_cpu",
    "sync_memory": "syncing.sync_memory",
    "digest": "digest.digest",
    "digest_million": "digest.digest_million",
}
LONG = {
    "sync_memory",
    "large_index",
    "slack_answers",
    "answer_cpu",
    "digest",
    "digest_million",
}  # some minutes each


def main() -> None:
    """Run what was asked for."""
    options = argparse.ArgumentParser(prog="python -m benchmarks")
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    names = options.parse_args().names
    if unknown := sorted(set(names) - set(BENCHMARKS)):
        options.error(f"unknown: {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}")
    chosen = names or [name for name in BENCHMARKS if name not in LONG]
    console, found = Console(), []
    try:
        for name in chosen:
            with console.status(name):
                try:
                    for figure in _benchmark(BENCHMARKS[name])():
                        keep(figure)
                        found.append(figure)
                except Skipped as skipped:
                    console.print(f"{name} is skipped: {skipped}")
    finally:
        show(console, found)


def _benchmark(place: str) -> Callable[[], Iterator[Figure]]:
    module, _, function = place.partition(".")
    made: Callable[[], Iterator[Figure]] = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    return made


if __name__ == "__main__":
    main()
