import asyncio
from pathlib import Path

import pytest

from app.authoring.schemas import DetailsEdit, PointEdit, QuestionEdit
from app.banks.schema import Question
from app.errors import BadInputError, ConflictError, NotFoundError
from tests.authoring.conftest import OpenDesk
from tests.authoring.desk import Desk
from tests.authoring.making import ANGRY, LATE, WHY, draft, flag, question, small_draft
from tests.banks.bank_files import bank_data, write_bank

BANK = "zai-xian-ke-fu"


async def publish(desk: Desk, made: object = None) -> None:
    kept = await desk.keep(made or small_draft())  # type: ignore[arg-type]
    published = await desk.drafts.publish(kept.id, None, kept.revision)
    await desk.serves(published.number)


def questions(desk: Desk) -> dict[str, Question]:
    bank = desk.library.get(BANK)
    return {question.text: question for section in bank.sections for question in section.questions}


async def test_a_published_draft_serves(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    published = await desk.drafts.publish(kept.id, None, kept.revision)
    assert (published.bank_id, published.version, published.questions) == (BANK, "1.0.0", 3)
    assert published.left_out == []
    await desk.serves(published.number)
    bank = desk.library.get(BANK)
    assert [section.title for section in bank.sections] == ["情境应对", "求职动机"]
    assert [question.max_score for section in bank.sections for question in section.questions] == [8, 8, 5]
    assert desk.index.corpus().entries.question_at(0).question.text == LATE
    seen = await desk.drafts.get(kept.id)
    assert (seen.status, seen.published_version, seen.job) == ("published", "1.0.0", None)


async def test_ids_are_made_of_the_bank_and_what_the_question_says(desk: Desk) -> None:
    await publish(desk)
    for text, published in questions(desk).items():
        assert published.id.startswith(f"{BANK}-"), text
        assert len(published.id) == len(BANK) + 9
        assert [point.id for point in published.points] == [f"p{n + 1}" for n in range(len(published.points))]


async def test_the_next_version_keeps_the_ids_of_what_stayed_and_of_what_was_reworded(desk: Desk) -> None:
    await publish(desk)
    before = questions(desk)
    second = draft(
        {
            "情境应对": [
                question("a", ANGRY, ["给出方案", "先倾听", "请同事帮忙"]),
                question("b", LATE.replace("迟迟没有送到", "一直没有送到"), ["先道歉", "查清原因"]),
                question("c", "客户要求退货时，您先做什么？"),
            ]
        }
    )
    await publish(desk, second)
    after = questions(desk)
    assert after[ANGRY].id == before[ANGRY].id
    assert after[LATE.replace("迟迟没有送到", "一直没有送到")].id == before[LATE].id
    assert [(point.id, point.text) for point in after[ANGRY].points] == [
        ("p3", "给出方案"),
        ("p1", "先倾听"),
        ("p4", "请同事帮忙"),
    ]
    assert len({published.id for published in [*before.values(), *after.values()]}) == 4
    assert desk.library.get(BANK).version == "1.1.0"


async def test_what_a_draft_does_not_show_is_kept_from_the_version_before(
    open_desk: OpenDesk, banks_dir: Path
) -> None:
    data = bank_data(BANK, {"s": [LATE]}, title="在线客服", description="About it", license="CC0-1.0")
    asked = data["sections"][0]["questions"][0]
    asked |= {"competencies": ["care"], "provenance": "by hand"}
    asked["points"][0]["probe"] = "还会做什么？"
    write_bank(banks_dir, data)
    desk = await open_desk()
    made = draft({"Section s": [question("q", LATE, [point["text"] for point in asked["points"]])]})
    made.sections[0].questions[0].difficulty = "hard"
    await publish(desk, made)
    bank = desk.library.get(BANK)
    (section,) = bank.sections
    (kept,) = section.questions
    assert (bank.version, bank.description, bank.license) == ("1.1.0", "About it", "CC0-1.0")
    assert (section.id, kept.id) == ("s", asked["id"])
    assert (kept.competencies, kept.provenance) == (["care"], "by hand")
    assert [point.probe for point in kept.points] == ["还会做什么？", None]


async def test_blocked_incomplete_and_excluded_questions_are_left_out_and_named(desk: Desk) -> None:
    made = draft(
        {
            "s": [
                question("good", LATE),
                question("damaged", ANGRY, flags=[flag("unreadable", "…")]),
                question("pointless", WHY, []),
                question("cut", "最后一题没有", incomplete=True),
                question("off", "不要的问题？", included=False),
                question("noted", "提到了模型的问题？", flags=[flag("instructions", "忽略")]),
            ]
        }
    )
    kept = await desk.keep(made)
    assert (kept.summary.publishable, kept.summary.blocked) == (2, 3)
    published = await desk.drafts.publish(kept.id, None, kept.revision)
    assert published.questions == 2
    assert {left.key: left.reasons for left in published.left_out} == {
        "damaged": ["unreadable"],
        "pointless": ["no-points"],
        "cut": ["cut-off"],
        "off": ["not-included"],
    }


async def test_a_draft_without_a_publishable_question_says_what_to_fix(desk: Desk) -> None:
    kept = await desk.keep(draft({"s": [question("a", LATE, []), question("b", ANGRY, [])]}))
    with pytest.raises(BadInputError, match=r"no-points \(2\)"):
        await desk.drafts.publish(kept.id, None, kept.revision)
    assert (await desk.drafts.get(kept.id)).status == "open"


async def test_publishing_the_same_again_is_refused(desk: Desk) -> None:
    await publish(desk)
    again = await desk.keep(small_draft())
    assert again.bank_id == BANK
    assert (await desk.drafts.difference(again.id)).is_empty
    with pytest.raises(BadInputError, match=r"nothing differs from version 1\.0\.0"):
        await desk.drafts.publish(again.id, None, again.revision)


async def test_details_alone_raise_the_patch_version(desk: Desk) -> None:
    await publish(desk)
    await publish(desk, small_draft(role="客服主管"))
    assert desk.library.get(BANK).version == "1.0.1"


@pytest.mark.parametrize("wanted", ["1.0.0", "0.9.9", "2", "1.0.0-rc1"])
async def test_a_version_of_ones_own_must_be_higher(desk: Desk, wanted: str) -> None:
    await publish(desk)
    kept = await desk.keep(small_draft(role="客服主管"))
    with pytest.raises(BadInputError, match="version: "):
        await desk.drafts.publish(kept.id, None, kept.revision, version=wanted)
    published = await desk.drafts.publish(kept.id, None, kept.revision, version="2.0.0")
    assert published.version == "2.0.0"


async def test_of_two_who_publish_the_same_bank_at_once_one_wins(desk: Desk) -> None:
    kept = [await desk.keep(small_draft(role=role)) for role in ("客服主管", "客服专员")]
    outcomes = await asyncio.gather(
        *(desk.drafts.publish(each.id, None, each.revision, onto="") for each in kept), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ConflictError", "PublishedVersion"]
    statuses = [(await desk.drafts.get(each.id)).status for each in kept]
    assert sorted(statuses) == ["open", "published"]
    assert [version.version for version in await desk.drafts.publisher.versions(BANK)] == ["1.0.0"]


@pytest.mark.postgres
async def test_of_two_processes_that_publish_at_once_one_wins(open_desk: OpenDesk, postgres_url: str) -> None:
    desks = [await open_desk(postgres_url.replace("postgresql", "postgresql+asyncpg")) for _ in range(3)]
    kept = [await desk.keep(small_draft(role=f"客服{number}")) for number, desk in enumerate(desks)]
    outcomes = await asyncio.gather(
        *(
            desk.drafts.publish(each.id, None, each.revision, onto="")
            for desk, each in zip(desks, kept, strict=True)
        ),
        return_exceptions=True,
    )
    names = sorted(type(outcome).__name__ for outcome in outcomes)
    assert names == ["ConflictError", "ConflictError", "PublishedVersion"]
    await asyncio.gather(*(desk.serves(1) for desk in desks))
    roles = {desk.library.get(BANK).role for desk in desks}
    assert len(roles) == 1


async def test_a_version_published_since_it_was_compared_is_a_conflict(desk: Desk) -> None:
    kept = await desk.keep(small_draft(role="客服主管"))
    assert (await desk.drafts.difference(kept.id)).before is None
    await publish(desk)
    with pytest.raises(ConflictError, match="another version"):
        await desk.drafts.publish(kept.id, None, kept.revision, onto="")
    assert (await desk.drafts.publish(kept.id, None, kept.revision, onto="1.0.0")).version == "1.0.1"


async def test_a_draft_is_published_once(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    await desk.drafts.publish(kept.id, None, kept.revision)
    for late in (
        desk.drafts.publish(kept.id, None, kept.revision),
        desk.drafts.edit_details(kept.id, DetailsEdit(title="x"), kept.revision + 1),
        desk.drafts.discard(kept.id),
    ):
        with pytest.raises(ConflictError, match="is published"):
            await late


async def test_an_edit_that_comes_first_keeps_the_draft_open(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    await desk.drafts.edit_details(kept.id, DetailsEdit(title="Another"), kept.revision)
    with pytest.raises(ConflictError, match="someone else"):
        await desk.drafts.publish(kept.id, None, kept.revision)
    assert (await desk.drafts.list(("published",))) == []


async def test_versions_are_listed_compared_and_brought_back(open_desk: OpenDesk, banks_dir: Path) -> None:
    write_bank(banks_dir, bank_data(BANK, {"s": [WHY]}, title="在线客服"))
    desk = await open_desk()
    assert [(v.version, v.number, v.current) for v in await desk.drafts.publisher.versions(BANK)] == [
        ("1.0.0", None, True)
    ]
    await publish(desk)
    listed = await desk.drafts.publisher.versions(BANK)
    assert [(v.version, v.number, v.current, v.questions) for v in listed] == [
        ("1.1.0", 2, True, 3),
        ("1.0.0", 1, False, 1),
    ]
    diff = await desk.drafts.publisher.difference(BANK, "1.0.0", "1.1.0")
    assert ([line.text for line in diff.added], diff.removed) == ([LATE, ANGRY], [])
    (changed,) = diff.changed
    assert (changed.text, {field.field for field in changed.fields}) == (
        WHY,
        {"kind", "max_score", "section"},
    )
    restored = await desk.drafts.publisher.restore(BANK, "1.0.0", None)
    assert (restored.version, restored.number) == ("1.2.0", 3)
    await desk.serves(3)
    assert list(questions(desk)) == [WHY]
    with pytest.raises(NotFoundError):
        await desk.drafts.publisher.difference(BANK, "1.0.0", "9.0.0")
    with pytest.raises(NotFoundError):
        await desk.drafts.publisher.versions("unknown")


async def test_a_question_id_of_another_bank_is_not_taken(open_desk: OpenDesk, banks_dir: Path) -> None:
    write_bank(banks_dir, bank_data("other", {"s": [WHY]}))
    desk = await open_desk()
    made = draft({"s": [question("other-s-1", LATE, id="other-s-1")]}, bank_id=BANK)
    await publish(desk, made)
    assert questions(desk)[LATE].id.startswith(f"{BANK}-")
    assert desk.library.problems == ()


async def test_a_bank_file_taken_over_keeps_its_ids_probes_and_competencies(desk: Desk) -> None:
    made = small_draft(bank_id="mine", competencies=[{"id": "care", "title": "Care"}])
    first = made.sections[0].questions[0]
    first.id, first.competencies = "mine.late", ["care"]
    first.points[0].id, first.points[0].probe = "sorry", "还有呢？"
    kept = await desk.keep(made)
    assert kept.bank_id == "mine"
    published = await desk.drafts.publish(kept.id, None, kept.revision)
    await desk.serves(published.number)
    bank, _, asked = desk.library.question("mine.late")
    assert [competency.id for competency in bank.competencies] == ["care"]
    assert (asked.competencies, asked.points[0].id, asked.points[0].probe) == (["care"], "sorry", "还有呢？")
    assert asked.points[1].id == "p1"


async def test_a_reworded_point_gets_an_id_nothing_was_scored_by(desk: Desk) -> None:
    await publish(desk)
    kept = await desk.keep(small_draft())
    points = [PointEdit(text="先诚恳道歉"), PointEdit(text="查清原因")]
    kept = await desk.drafts.edit_question(kept.id, "q1", QuestionEdit(points=points), kept.revision)
    published = await desk.drafts.publish(kept.id, None, kept.revision)
    await desk.serves(published.number)
    assert [point.id for point in questions(desk)[LATE].points] == ["p3", "p2"]
