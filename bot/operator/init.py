"""`init`: from nothing to settings that work, each token checked live as it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import IntegrationError
from bot.operator.answers import Answers, write_manifest
from bot.operator.questions import (
    ASKED,
    BOT_TOKEN,
    DIGEST_ZONE,
    PUBLIC_URL,
    SLACK_CLIENT,
    STEPS,
    Question,
    Step,
    Way,
    minutes_of,
)
from bot.operator.sealing import VARIABLE, new_key
from bot.operator.terminal import Terminal
from bot.ports import Finding

FIRST_IMPORT = timedelta(days=90)
Given = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What set-up needs of the rest. Given: the answers of one step, by variable.

    problem_with: what is wrong with the form of a value ("VOC_JIRA__URL", or "routes.owner_channel"), "" when
    nothing is. check: tries the integration ("jira") live. estimate: how many conversations changed since,
    about. manifest: Slack's, for all answers so far, and whether Slack calls this server or is called.
    """

    problem_with: Callable[[str, str], str]
    check: Callable[[str, Given], Sequence[Finding]]
    estimate: Callable[[str, Given, datetime], int | None]
    manifest: Callable[[Given, bool], Mapping[str, Any]]


def init(folder: Path, terminal: Terminal, tools: Tools, now: datetime) -> None:
    """Ask, check, and write `voc.toml`, `.env` and Slack's manifest in the folder.

    Earlier answers are the defaults. Nothing but the manifest is written before the last question.
    Raises RequestError when the input ends before the questions do.
    """
    terminal.say("Enter keeps what stands in [brackets]. Set-up only reads: it posts and changes nothing.")
    _Setup(folder, Answers(folder), terminal, tools, now).run()


@dataclass(frozen=True, slots=True)
class _Setup:
    """One run of the questions. Given: see Tools."""

    folder: Path
    answers: Answers
    terminal: Terminal
    tools: Tools
    now: datetime

    def run(self) -> None:
        """Ask everything, write the files, say what comes next."""
        forecasts: list[str] = []
        nexts = ["python -m bot migrate", "python -m bot check"]
        for step in STEPS:
            self.terminal.say()
            is_known = any(self.answers.get(variable) for way in step.ways for variable in way.variables)
            if not self.terminal.confirm(f"Set up {step.title}?", default=is_known):
                continue
            way = self._step(step)
            if way.then:
                nexts.insert(1, way.then)
            if step.pieces_per_s:
                forecasts += [] if way.then else self._forecast(step, way)
                nexts.append(f"python -m bot sync --since {self.now - FIRST_IMPORT:%Y-%m-%d}")
        self._rest()
        self.answers.save(self.terminal)
        for line in ("", *forecasts, "Next:", *(f"  {command}" for command in dict.fromkeys(nexts))):
            self.terminal.say(line)
        self.terminal.say("  python -m bot up")

    def _step(self, step: Step) -> Way:
        """Ask until the check is passed, or its failure accepted; return the way chosen."""
        self.terminal.say(step.about)
        way = self._way(step)
        while True:
            if step.key == "slack":
                self._offer_manifest(way)
            for question in way.questions:
                if question is not PUBLIC_URL:  # asked for the manifest
                    self._ask(question)
            if way.then or self._passes(step, way):
                break
            if not self.terminal.confirm("Answer again?", default=True):
                break
        others = {variable for other in step.ways for variable in other.variables}
        for variable in sorted(others - {*way.variables, PUBLIC_URL.variable}):
            self.answers.put(variable, "")
        return way

    def _way(self, step: Step) -> Way:
        if len(step.ways) == 1:
            return step.ways[0]
        known = [way for way in step.ways if all(map(self.answers.get, way.variables))]
        # The answers to one way may hold those to another.
        default = step.ways.index(max(known, key=lambda way: len(way.variables))) if known else 0
        return step.ways[self.terminal.choose("Which way", [way.label for way in step.ways], default)]

    def _offer_manifest(self, way: Way) -> None:
        if is_http := PUBLIC_URL in way.questions:
            self._ask(PUBLIC_URL)
        given = {name: value for name in ASKED if (value := self.answers.get(name))}
        if SLACK_CLIENT in way.questions:
            given.setdefault(SLACK_CLIENT.variable, "to come")  # the manifest is what makes it
        else:
            given.pop(SLACK_CLIENT.variable, None)
        path = write_manifest(self.folder, self.tools.manifest(given, is_http), self.terminal)
        self.terminal.say("At https://api.slack.com/apps choose Create New App, From a manifest, and paste")
        self.terminal.say(f"what {path.name} holds. Then install the app: its pages show the tokens.")

    def _ask(self, question: Question) -> str:
        """Return an answer of the right form, and keep it."""
        while True:
            present = self.answers.get(question.variable) or question.default
            answer = self.terminal.ask(question.text, present, is_secret=question.is_secret)
            problem = self.tools.problem_with(question.variable, answer) if answer else "is needed"
            if not problem:
                self.answers.put(question.variable, answer)
                return answer
            self.terminal.say(f"  {question.variable} {problem}.")

    def _passes(self, step: Step, way: Way) -> bool:
        """Return whether the integration works with these answers; say what does not, and what to do."""
        self.terminal.say("Checking…")
        findings = self.tools.check(step.key, self._given(way))
        self.terminal.show(findings)
        return all(finding.is_ok for finding in findings)

    def _forecast(self, step: Step, way: Way) -> list[str]:
        """Return a line on the first import, none where the vendor can't say."""
        since = self.now - FIRST_IMPORT
        try:
            count = self.tools.estimate(step.key, self._given(way), since)
        except IntegrationError:
            return []  # the check has told why
        if count is None:
            return []
        about = f"{step.key}: about {count:,} conversations since {since:%Y-%m-%d}"
        return [f"{about}; the first import takes {minutes_of(step.key, count)}."]

    def _rest(self) -> None:
        """Ask for channels and time zone, and make the key that stored tokens are sealed with."""
        if self.answers.get(BOT_TOKEN.variable) or self.answers.get(SLACK_CLIENT.variable):
            self.terminal.say()
            if not self.answers.has_routes:
                owner = self._channels("owner_channel", "Channel for proposals and warnings, like #voc")
                digests = self._channels("digest_channels", "Channels for the weekly digest, commas between")
                self.answers.route(owner, digests)
            self._ask(DIGEST_ZONE)
        if not self.answers.get(VARIABLE):
            self.answers.put(VARIABLE, new_key())

    def _channels(self, key: str, question: str) -> str:
        """Return one channel or several of the right form, or ""."""
        while True:
            answer = self.terminal.ask(f"{question} (Enter for none yet)")
            problem = self.tools.problem_with(f"routes.{key}", answer) if answer else ""
            if not problem:
                return answer
            self.terminal.say(f"  It {problem}.")

    def _given(self, way: Way) -> Given:
        return {variable: self.answers.get(variable) for variable in way.variables}
