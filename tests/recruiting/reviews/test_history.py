from app.interviews.repository import Interviews
from app.recruiting.reviews.schemas import NewOutcome
from app.scoring.card import ScorerIdentity
from tests.recruiting.reviews.conftest import Desk
from tests.recruiting.reviews.held import dispute, held_card

LATER = ScorerIdentity(judge={"model": "scripted-2"})


async def test_all_that_happened_to_a_score_is_told_in_order(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    await desk.override(held, "1/p1", 0.5, "only half")
    async with desk.database.session() as session:
        interviews = Interviews(session)
        question = (await interviews.questions(held, [1]))[1]
        again = held_card(question, (1.0, 1.0, 0.0), fingerprint="held-2")
        await interviews.save_card(held, 1, again, LATER)
    opened = await dispute(desk.database, held, 1, "p3", "I did offer a refund.")
    point = await desk.point(held, "1/p3")
    rejected = NewOutcome(status="rejected", outcome="not said", seen=point.seen, mark=point.mark)
    await desk.reviews.resolve(held, opened, rejected, desk.ben)
    await desk.blind.start(held, desk.ben)
    await desk.blind.judge(held, 1, "p2", 0.0, desk.ben)

    history = await desk.reviews.history(held, 1, desk.ada)
    assert [(event.kind, event.model or event.author) for event in history.events] == [
        ("card", "scripted-1"),
        ("override", "ada"),
        ("card", "scripted-2"),
        ("dispute", ""),
        ("outcome", "ben"),
    ]
    first, override, second, *_ = history.events
    assert (first.score, first.current, second.score, second.current) == (3.0, False, 4.0, True)
    assert (override.before, override.credit, override.text) == (1.0, 0.5, "only half")


async def test_blind_verdicts_join_the_history_when_finished(desk: Desk) -> None:
    held = await desk.hold(questions=1)
    await desk.blind.start(held, desk.ben)
    await desk.blind.judge(held, 1, "p2", 0.0, desk.ben)
    assert {event.kind for event in (await desk.reviews.history(held, 1, desk.ada)).events} == {"card"}
    await desk.blind.finish(held, desk.ben)
    (blind,) = [e for e in (await desk.reviews.history(held, 1, desk.ada)).events if e.kind == "blind"]
    assert (blind.author, blind.point_id, blind.credit, blind.before) == ("ben", "p2", 0.0, 0.5)
