"""A damaged document goes all the way: imported, repairs settled, points proposed, published."""

import asyncio

import pytest

from app.authoring.checks import texts_of
from app.authoring.repairs import settle_repair
from app.settings import PROJECT_DIR
from tests.authoring.desk import Desk
from tests.waiting import PATIENCE_SECONDS

SEEDS = sorted((PROJECT_DIR.parent / "shared" / "seeds").glob("*.txt"))

pytestmark = pytest.mark.skipif(not SEEDS, reason="the documents are not beside the project")
_SAMPLE = 25


async def test_a_document_is_published_once_its_doubts_are_settled(desk: Desk) -> None:
    for seed in SEEDS:
        seen = await desk.drafts.create(seed.name, seed.read_bytes())
        for number, repair in enumerate(seen.draft.repairs):
            if repair.confidence < 0.8:
                seen = await desk.drafts.settle_repair(seen.id, number, None, seen.revision)
        await desk.drafts.propose_points(seen.id)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (seen := await desk.drafts.get(seen.id)).job is not None:
                assert seen.job.failed is None
                await asyncio.sleep(0.02)
        published = await desk.drafts.publish(seen.id, None, seen.revision)
        assert published.questions == seen.summary.publishable >= seen.summary.questions - 2
        await desk.serves(published.number)
        bank = desk.library.get(published.bank_id)
        assert sum(len(section.questions) for section in bank.sections) == published.questions
        assert all(question.points for section in bank.sections for question in section.questions)


async def test_what_is_put_in_a_repairs_place_reaches_the_question_it_is_in(desk: Desk) -> None:
    seen = await desk.drafts.create(SEEDS[0].name, SEEDS[0].read_bytes())
    spans = [(question.key, question.span) for _, question in seen.draft.questions() if question.span]
    tried = 0
    for number, repair in list(enumerate(seen.draft.repairs))[:: len(seen.draft.repairs) // _SAMPLE]:
        owners = {
            key
            for key, span in spans
            if (span.line, span.start) <= (repair.line, repair.start)
            and (repair.line, repair.end) <= (span.end_line, span.end)
        }
        if not owners or repair.count > 1:
            continue
        made = seen.draft.model_copy(deep=True)
        settle_repair(made, number, "〇〇")
        changed = {
            question.key
            for _, question in made.questions()
            if any("〇〇" in text for text in texts_of(question))
        }
        assert changed == owners, repair
        tried += 1
    assert tried > 10
