"""The triggers that keep the table `spoken`, within each change of what it is made of, as of revision 0014.

Triggers, since a count that one forgotten statement leaves behind is wrong for good. `FILL` makes every row
anew; a test holds what the triggers leave equal to what it makes. Whoever changes them does so in a revision
of its own: this one stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

_ROW = """
SELECT f.id, f.conversation_id, p.id, p.company_id,
  (SELECT m.ticket_id FROM match m WHERE m.feedback_id = f.id AND m.state = 'attached'),
  EXISTS (SELECT 1 FROM match m WHERE m.feedback_id = f.id AND m.state = 'suggested'),
  f.said_at, f.arrived_at
FROM feedback f JOIN conversation c ON c.id = f.conversation_id JOIN person p ON p.id = c.person_id
WHERE f.excluded IS NULL"""
FILL = (
    "INSERT INTO spoken (feedback_id, conversation_id, person_id, company_id, ticket_id, waits, said_at,"
    f" arrived_at) {_ROW}"
)
_ONE = f"{FILL} AND f.id = NEW.id"
_FORGET = "DELETE FROM spoken WHERE feedback_id = NEW.id"
_PAIRED = """UPDATE spoken SET
  ticket_id = (SELECT m.ticket_id FROM match m WHERE m.feedback_id = {0}.feedback_id
    AND m.state = 'attached'),
  waits = EXISTS (SELECT 1 FROM match m WHERE m.feedback_id = {0}.feedback_id AND m.state = 'suggested')
WHERE feedback_id = {0}.feedback_id"""
_SPEAKER = """UPDATE spoken SET person_id = NEW.person_id,
  company_id = (SELECT p.company_id FROM person p WHERE p.id = NEW.person_id)
WHERE conversation_id = NEW.id"""
_EMPLOYER = "UPDATE spoken SET company_id = NEW.company_id WHERE person_id = NEW.id"
_LIVING = "{0}.state IN ('attached', 'suggested')"

# Name: (what happens, to which table, on what condition, what is then done).
_TRIGGERS = {
    "spoken_piece_new": ("INSERT", "feedback", "NEW.excluded IS NULL", (_ONE,)),
    "spoken_piece": ("UPDATE OF excluded, said_at", "feedback", "", (_FORGET, _ONE)),
    "spoken_pair_new": ("INSERT", "match", _LIVING.format("NEW"), (_PAIRED.format("NEW"),)),
    "spoken_pair": ("UPDATE OF state, ticket_id", "match", "", (_PAIRED.format("NEW"),)),
    "spoken_pair_gone": ("DELETE", "match", _LIVING.format("OLD"), (_PAIRED.format("OLD"),)),
    "spoken_speaker": ("UPDATE OF person_id", "conversation", "OLD.person_id <> NEW.person_id", (_SPEAKER,)),
    "spoken_employer": ("UPDATE OF company_id", "person", "", (_EMPLOYER,)),
}


def triggers(dialect: str) -> Iterator[str]:
    """Yield the statements that make the triggers."""
    for name, (event, table, condition, acts) in _TRIGGERS.items():
        when, do = f"WHEN ({condition}) " if condition else "", "; ".join(acts)
        on = f'CREATE TRIGGER {name} AFTER {event} ON "{table}" FOR EACH ROW {when}'
        if dialect == "postgresql":
            body = f"BEGIN {do}; RETURN NULL; END"
            yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"
            yield f"{on}EXECUTE FUNCTION {name}()"
        else:
            yield f"{on}BEGIN {do}; END"


def no_triggers(dialect: str) -> Iterator[str]:
    """Yield the statements that take them away."""
    for name, (_, table, *_) in _TRIGGERS.items():
        yield f"DROP TRIGGER {name}" + (f' ON "{table}"' if dialect == "postgresql" else "")
        if dialect == "postgresql":
            yield f"DROP FUNCTION {name}()"
