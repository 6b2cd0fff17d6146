"""The digest's numbers, quotes and warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.digest import Subscription, Unticketed
from bot.domain.period import Rhythm
from bot.domain.scope import Scope
from bot.services.digest import is_verbatim
from bot.services.publish import Publisher, publish_due
from bot.services.theme_decisions import dismiss
from bot.services.themes import update_themes
from tests.builders import ACME, LAST_WEEK, conversation, person, ticket
from tests.services.conftest import Store
from tests.services.digests import WEEK, built, three_people
from tests.services.themes import DARK, PRINTER, gatherer_of, say, shown


def test_counts_conversations_people_and_companies_of_the_week(
    store: Store, subscription: Subscription
) -> None:
    three_people(store)
    store.add(conversation("An export from before failed too.", "4", said_at=LAST_WEEK - timedelta(days=7)))

    counts = built(store, subscription).counts

    assert (counts.conversations, counts.pieces, counts.people, counts.companies) == (3, 3, 3, 2)


def test_a_conversation_with_two_asks_is_one_conversation_and_leads_with_the_ask_that_can_be_read(
    store: Store, subscription: Subscription
) -> None:
    german = "Der Export auf dem neuen Telefon verliert seit dem letzten Update immer die letzte Zeile."
    english = "Another question: can guests open the gate with a code?"
    store.add(conversation(f"{german}\n\n{english}", "1"))

    digest = built(store, subscription)

    counts = digest.counts
    assert (counts.conversations, counts.pieces, counts.people, counts.companies) == (1, 2, 1, 1)
    assert digest.voice is not None
    assert digest.voice.words == english


def test_compares_with_last_week_and_knows_no_usual_before_four_weeks(
    store: Store, subscription: Subscription
) -> None:
    three_people(store)
    store.add(conversation("An export from before failed too.", "4", said_at=LAST_WEEK - timedelta(days=7)))

    young = built(store, subscription)
    for weeks in (2, 3, 4):
        said_at = LAST_WEEK - timedelta(weeks=weeks)
        store.add(conversation(f"The export failed {weeks} weeks ago.", f"w{weeks}", said_at=said_at))
    grown = built(store, subscription)

    assert young.before is not None
    assert (young.before.pieces, young.usual) == (1, None)
    assert grown.usual is not None
    assert grown.usual.pieces == 1


def test_ranks_tickets_by_people_and_shows_their_quotes_and_trend(
    store: Store, subscription: Subscription
) -> None:
    three_people(store)
    other = store.ticket(ticket(2, "Reports are slow"))
    for number in range(4):
        [piece] = store.add(conversation(f"The report number {number} takes an hour.", f"r{number}"))
        store.attach(piece, other)

    first, second = built(store, subscription).top

    assert (first.key, first.week.people, first.week.companies) == ("APP-1", 3, 2)
    assert (second.key, second.week.people) == ("APP-2", 1)
    assert first.trend == (0, 0, 0, 0, 0, 0, 0, 3)
    assert "Bolt" in {q.company for q in first.quotes}


def test_warns_where_one_company_carries_a_ticket(store: Store, subscription: Subscription) -> None:
    three_people(store)
    other = store.ticket(ticket(2, "Reports are slow"))
    for number in range(4):
        [piece] = store.add(conversation(f"The report number {number} takes an hour.", f"r{number}"))
        store.attach(piece, other)

    first, second = built(store, subscription).top

    assert (first.carried_by, second.carried_by) == ((), ("Acme",))


def test_every_quote_is_verbatim_and_a_forged_one_is_noticed(
    store: Store, subscription: Subscription
) -> None:
    three_people(store)

    snapshot = built(store, subscription)

    right, every = snapshot.quotes_verified
    assert right == every > 0
    assert snapshot.voice is not None
    with store.work() as unit:
        assert is_verbatim(unit, snapshot.voice)
        assert not is_verbatim(unit, replace(snapshot.voice, words=snapshot.voice.words + "!"))


def test_a_quiet_week_and_a_broken_sync_never_look_the_same(store: Store, subscription: Subscription) -> None:
    with store.work() as unit:
        unit.sources.succeeded("zendesk", store.clock.now())
        unit.commit()
    quiet = built(store, subscription)
    with store.work() as unit:
        unit.sources.failed("zendesk", "zendesk: reading tickets failed for now", store.clock.now())
        unit.commit()
    broken = built(store, subscription)

    assert quiet.is_quiet
    assert (quiet.failed_sources, broken.failed_sources) == ((), ("zendesk",))


def test_counts_what_was_set_aside(store: Store, subscription: Subscription) -> None:
    store.add(conversation("👍", "1"), conversation("The export fails again.", "2"))

    snapshot = built(store, subscription)

    assert (snapshot.counts.pieces, snapshot.set_aside) == (1, 1)


def test_a_channels_scope_leaves_other_projects_out(store: Store, subscription: Subscription) -> None:
    three_people(store)
    elsewhere = store.ticket(ticket(9, "Billing", key="PAY-9", project="PAY"))
    [piece] = store.add(conversation("My bill is wrong again.", "9", customer=person("zed", ACME)))
    store.attach(piece, elsewhere)

    everything = built(store, subscription)
    scoped = built(store, replace(subscription, scope=Scope(projects=("PAY",))))

    assert [t.key for t in everything.top] == ["APP-1", "PAY-9"]
    assert ([t.key for t in scoped.top], scoped.counts.pieces) == (["PAY-9"], 1)


def test_nothing_is_quoted_twice_in_a_digest_nor_again_within_eight_weeks(
    store: Store, publisher: Publisher, subscription: Subscription
) -> None:
    three_people(store)
    publish_due(publisher)
    both = replace(WEEK, first=WEEK.first - timedelta(days=7))
    [earlier] = store.add(conversation("The import fails.", "9", said_at=LAST_WEEK - timedelta(days=7)))

    week = built(store, subscription)
    weeks = built(store, replace(subscription, rhythm=Rhythm.FORTNIGHTLY), both)

    quoted_in_week = [quote.feedback_id for quote in week.quotes]
    assert len(set(quoted_in_week)) == len(quoted_in_week) == 3
    assert [quote.feedback_id for quote in weeks.quotes] == [earlier]
    assert weeks.counts.pieces == 4


def test_a_theme_is_told_by_name_with_who_said_it_this_week_and_in_all(
    store: Store, subscription: Subscription
) -> None:
    say(store, *DARK[:4])
    say(store, *DARK[4:], first=10, said_at=LAST_WEEK - timedelta(weeks=2))
    update_themes(gatherer_of(store))

    [told] = built(store, subscription).unticketed

    assert told.name.startswith("Dark mode")
    assert (told.pieces, told.reach.people, told.all_pieces, told.all_people) == (4, 4, 6, 6)
    assert told.theme_id == shown(store)[0].theme.id


def test_a_theme_out_of_the_ordinary_rises_and_comes_first(store: Store, subscription: Subscription) -> None:
    for week in range(1, 9):
        said_at = LAST_WEEK - timedelta(weeks=week)
        say(store, *PRINTER, f"Another matter of week {week}.", first=10 * week, said_at=said_at)
    say(store, *PRINTER, *DARK, first=200)
    update_themes(gatherer_of(store))

    first, second = built(store, subscription).unticketed

    assert ("Dark mode" in first.name, first.is_rising) == (True, True)
    assert ("invoice" in second.name, second.is_rising) == (True, False)


def test_single_voices_stand_in_where_there_is_no_theme_and_none_of_a_dismissed_one(
    store: Store, subscription: Subscription
) -> None:
    pieces = say(
        store,
        "The printer on the second floor needs a new drum unit.",
        "Where do I change the colours of our invoices?",
        first=50,
    )
    few = built(store, subscription).unticketed
    say(store, *DARK[:3])
    update_themes(gatherer_of(store))
    themed = built(store, subscription).unticketed
    dismiss(store.work, store.clock, shown(store)[0].theme.id, "U1")
    after = built(store, subscription).unticketed

    assert len(quoted(few)) == 1  # the other leads the digest
    assert {*quoted(few), *quoted(after)} <= set(pieces)
    assert quoted(after)
    assert [u.pieces for u in themed] == [3]


def quoted(groups: Sequence[Unticketed]) -> list[int]:
    return [group.quote.feedback_id for group in groups if group.quote]


def test_a_proposal_that_is_likely_right_is_not_told_as_without_a_ticket(
    store: Store, subscription: Subscription
) -> None:
    [piece] = say(store, "The printer on the second floor needs a new drum unit.")
    store.attach(piece, store.ticket(ticket()), state="suggested")

    assert built(store, subscription).unticketed == ()


def test_a_group_is_heard_least_only_where_another_was_heard_more(
    store: Store, subscription: Subscription
) -> None:
    store.add(conversation("We cannot import our 12 price lists since the update.", "1"))
    store.add(conversation("My 40 invoices of March are still in English.", "2", customer=person("abe")))
    store.add(
        conversation("The map is empty on our old phones.", "3", customer=person("bo")), source="intercom"
    )
    store.add(
        conversation("We need to sign in with our badge.", "4", customer=person("cy")), source="intercom"
    )

    alike = built(store, subscription)
    store.add(conversation("The sync stops each Friday at noon.", "5", customer=person("dee")))
    fewer = built(store, subscription)

    assert alike.quiet is not None
    assert alike.quiet.kind == ""
    assert fewer.quiet is not None
    assert (fewer.quiet.kind, fewer.quiet.name, fewer.quiet.people) == ("source", "intercom", 2)


def test_the_quiet_voice_tells_of_what_no_ticket_of_the_digest_does(
    store: Store, subscription: Subscription
) -> None:
    def heard(words: str, name: str, source: str = "zendesk") -> int:
        return store.add(conversation(words, name, customer=person(name)), source=source)[0]

    for n in range(5):
        heard(f"We cannot import our {n + 12} price lists for Basel since the update of 3 November.", f"p{n}")
    vans = heard("Our 14 vans in Lyon cannot print labels since Monday, 200 parcels wait.", "abe", "intercom")
    more = heard("Our 9 vans in Nice cannot print labels since Friday, 80 parcels wait.", "cy", "intercom")
    apart = heard("The map is empty on phones.", "bo", "intercom")
    printer = store.ticket(ticket())
    for piece in (vans, more):
        store.attach(piece, printer)

    digest = built(store, subscription)

    assert digest.quiet is not None
    assert digest.quiet.voice is not None
    assert (digest.quiet.name, digest.quiet.voice.feedback_id) == ("intercom", apart)
