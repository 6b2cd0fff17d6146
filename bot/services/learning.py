"""The model learns from answers: refitted beside the work, kept in versions, each one command away."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from bot.domain.answer import Answer
from bot.errors import RequestError
from bot.matching.learn import is_usable, refit
from bot.matching.model import Model, model_of, weights_of
from bot.ports import Clock
from bot.repositories import ModelVersion, Work

log = logging.getLogger(__name__)

NEW_ANSWERS = LEAST_ANSWERS = 25  # to make another refit worth it; a fifth of fewer could judge nothing


@dataclass(frozen=True, slots=True)
class School:
    """What refitting needs. shipped: version zero; embedder: whose vectors the signals are made of.

    reading: units that only read, so that nobody waits while thousands of answers are.
    """

    work: Work
    reading: Work
    clock: Clock
    shipped: Model
    embedder: str


def refit_if_worth_it(school: School) -> ModelVersion | None:
    """Refit when enough new answers came since the last refit, whatever came of it; return the version."""
    with school.reading() as unit:
        versions = unit.models.all()
        new = unit.answers.count_since(versions[-1].created_at if versions else None)
    return refit_now(school) if new >= NEW_ANSWERS else None


def refit_now(school: School) -> ModelVersion | None:
    """Fit a version and use it if it beats the present model; None where too few answers are usable.

    Nothing is locked while it computes. A version that is no better is kept, unused, with its figures.
    """
    with school.reading() as unit:
        answers = [one for one in unit.answers.counting() if _is_usable(school, one)]
        number = len(unit.models.all()) + 1
        active = unit.models.active()
    if len(answers) < LEAST_ANSWERS:
        return None
    present = model_in_use(school.shipped, school.embedder, active)
    learned = refit(answers, school.shipped, present, f"refit-{number}")
    version = ModelVersion(
        name=learned.model.name,
        created_at=school.clock.now(),
        embedder=school.embedder,
        weights=weights_of(learned.model),
        answers=learned.answers,
        loss_before=learned.before,
        loss_after=learned.after,
    )
    with school.work() as unit:
        # An operator who chose another model meanwhile has the last word.
        is_used = learned.is_better and unit.models.active() == active
        version = replace(version, is_active=is_used)
        unit.models.add(version)
        unit.commit()
    facts = {"model": version.name, "answers": version.answers, "used": version.is_active}
    log.info("model refitted", extra=facts)
    return version


def use(school: School, name: str) -> None:
    """Use the version of that name from every worker's next match on. Raises RequestError for no version."""
    with school.work() as unit:
        known = [school.shipped.name, *(version.name for version in unit.models.all())]
        if name not in known:
            raise RequestError(f"There is no model {name}. There are: {', '.join(known)}.")
        unit.models.activate(None if name == school.shipped.name else name)
        unit.commit()


def model_in_use(shipped: Model, embedder: str, active: ModelVersion | None) -> Model:
    """Return the active version's model, or the shipped one.

    A version fitted to another embedder, or to signals that this release knows no more, means nothing here.
    """
    if active is None or active.embedder != embedder:
        return shipped
    try:
        return model_of(active.name, active.weights)
    except ValueError:
        return shipped


def _is_usable(school: School, answer: Answer) -> bool:
    """Return whether the answer's signals are of these vectors; a verdict names its model and embedder."""
    return answer.about.model.partition("+")[2] == school.embedder and is_usable(answer)
