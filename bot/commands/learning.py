"""The command model: what versions there are, another refit, another version in use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import typer

from bot.app import Bot
from bot.commands.console import say
from bot.commands.store import opened
from bot.errors import RequestError
from bot.repositories import ModelVersion
from bot.services.learning import LEAST_ANSWERS, model_in_use, refit_now, use


def model(act: str, name: str) -> None:
    """Do what the word says: list for none. Exits with 1 where a refit is no better and so not used."""
    known = (act in ("", "refit") and not name) or (act == "use" and name)
    if not known:
        raise RequestError("say: model, model refit, or model use NAME")
    with closing(opened()) as bot:
        if act == "refit":
            _refit(bot)
        elif act == "use":
            use(bot.school, name)
            say(f"{name} is used from every worker's next match on.")
        else:
            say("\n".join(_lines(bot)))


def _refit(bot: Bot) -> None:
    version = refit_now(bot.school)
    if version is None:
        raise RequestError(f"A refit needs {LEAST_ANSWERS} answers that carry their signals; there are fewer")
    if not version.is_active:
        say(f"{_judged(version)}: no better, so it is kept but not used.")
        raise typer.Exit(1)
    say(f"{_judged(version)}: better, and used from every worker's next match on.")


def _lines(bot: Bot) -> Iterator[str]:
    """Yield one line a version, the shipped one first, the one in use with a star."""
    with bot.reading() as unit:
        versions, active = unit.models.all(), unit.models.active()
    school = bot.school
    used = model_in_use(school.shipped, school.embedder, active).name
    yield f"{_star(used == school.shipped.name)} {school.shipped.name}: as shipped"
    for version in versions:
        kind = "" if version.embedder == school.embedder else f" (for {version.embedder}: of no use now)"
        made = f"{version.created_at:%Y-%m-%d %H:%M} UTC"
        yield f"{_star(version.name == used)} {_judged(version)}, {made}{kind}"


def _judged(version: ModelVersion) -> str:
    """Return e.g. "refit-3: 412 answers; log loss on the newest of them 0.184, before 0.211"."""
    losses = f"{version.loss_after:.3f}, before {version.loss_before:.3f}"
    return f"{version.name}: {version.answers:,} answers; log loss on the newest of them {losses}"


def _star(is_used: bool) -> str:
    return "*" if is_used else " "
