"""What projects have earned is looked at anew; their owners hear, once, of each switch that turned."""

from __future__ import annotations

from bot.domain.message import Notice
from bot.domain.trust import Trust
from bot.i18n import forms, later, t
from bot.services.outward import Outcome
from bot.services.trust import Aim, review
from handlers.outages import Watch, owner_channel, tell

CLOSED = later(
    "⚠ Voc no longer attaches feedback by itself in {project}: of the last {of} links that people checked, "
    "{right} stood, too few for the {wanted} that is wanted. It proposes again, and new answers can open "
    "the switch anew."
)
OPENED = later(
    "Voc now attaches feedback by itself in {project}: {right} of {of} answers to proposals that scored "
    "{threshold} or more agreed. Each link can be undone by /voc unlink, and a sample of them is put to you. "
    "To have it propose only: python -m bot switch {project} --no-attach"
)


def look(watch: Watch, aim: Aim) -> bool:
    """Review every project, then tell of each turn that is untold; return whether none has to be tried again.

    A kill in between leaves the turn untold, and the ledger of outward acts knows what is out.
    """
    review(watch.work, watch.clock, aim)
    with watch.work() as unit:
        untold = [trust for trust in unit.trusts.all().values() if not trust.is_told]
    outcomes = {_tell_of(watch, trust, aim) for trust in untold}
    return not outcomes & {Outcome.LATER, Outcome.BUSY}


def _tell_of(watch: Watch, trust: Trust, aim: Aim) -> Outcome:
    """Tell of the project's turn; PARKED also where there is nobody to tell."""
    rules, turned_at = watch.rules, trust.turned_at
    channel = rules.routes.owner_of_project(trust.project) or owner_channel(rules, "")
    if watch.messenger is None or not channel or turned_at is None:
        return Outcome.PARKED
    key = f"switch:{trust.project}:{turned_at.isoformat()}"
    outcome = tell(watch, watch.messenger, channel, Notice(_words(trust, aim)), key, turned_at)
    if outcome is Outcome.DONE:
        with watch.work() as unit:
            unit.trusts.told(trust.project, turned_at)
            unit.commit()
    return outcome


def _words(trust: Trust, aim: Aim) -> str:
    right, of = forms.decimal(trust.turned_by.right), forms.decimal(trust.turned_by.of)
    if trust.has_closed:
        wanted = forms.percent(aim.precision, 1)
        return t(CLOSED, project=trust.project, right=right, of=of, wanted=wanted)
    threshold = f"{trust.threshold:.2f}"
    return t(OPENED, project=trust.project, right=right, of=of, threshold=threshold)
