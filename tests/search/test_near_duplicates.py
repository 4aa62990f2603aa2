import pytest

from app.banks.library import BankLibrary
from app.search.index import QuestionIndex
from app.search.near_duplicates import wording
from app.search.service import near_duplicates, search

REWORDED = [
    ("您期待什么样的公司文化？", "您希望公司有怎样的文化？"),
    ("请解释权责发生制和收付实现制的区别，并举例说明。", "请说明权责发生制和收付实现制的区别，并各举一例。"),
    ("您怎么理解首问负责制？", "谈谈您对首问负责制的理解。"),
    ("客户情绪越来越激动并且开始辱骂，您会如何应对？", "一位客户越说越激动，开始骂人。您会怎么应对？"),
    ("您怎么理解首问负责制？", "您怎麼理解首問負責制？"),
]


@pytest.mark.parametrize(("text", "other"), REWORDED)
def test_a_reworded_question_nearly_repeats_the_first(text: str, other: str) -> None:
    assert wording(text).is_near_duplicate(wording(other))
    assert wording(text).is_near_duplicate_in_words(wording(other))


def test_a_question_in_another_language_is_repeated_in_meaning_alone() -> None:
    one, other = wording("先对客户表示歉意"), wording("First apologise to the customer")
    assert one.similarity(other) > one.similarity(wording("您会开叉车吗？"))
    assert not one.is_near_duplicate_in_words(other)


def test_no_two_shipped_questions_nearly_repeat_each_other(shipped: BankLibrary) -> None:
    texts = [
        question.text
        for bank in shipped.banks.values()
        for section in bank.sections
        for question in section.questions
    ]
    alike = [
        (text, other)
        for number, text in enumerate(texts)
        for other in texts[number + 1 :]
        if wording(text).is_near_duplicate(wording(other))
    ]
    assert alike == []


def test_the_same_text_is_as_near_as_can_be() -> None:
    text = "您怎么理解首问负责制？"
    assert wording(text).similarity(wording(text)) == pytest.approx(1, abs=1e-6)


def test_existing_questions_that_new_ones_repeat_are_found_across_banks(
    shipped_index: QuestionIndex,
) -> None:
    texts = ["您期望什么样的公司文化，又有什么特点能帮我们把文化建设得更好？", "您会开叉车吗？", "？！"]
    first, *others = near_duplicates(shipped_index, texts)
    assert [hit.question_id for hit in first] == ["ocs-growth-2"]
    assert first[0].bank == "online-customer-service"
    assert 0.5 <= first[0].score < 1
    assert others == [[], []]
    assert near_duplicates(shipped_index, texts[:1], exclude_bank="online-customer-service") == [[]]


async def test_diverse_hits_do_not_repeat_each_other_and_the_best_stays_first(
    shipped_index: QuestionIndex,
) -> None:
    plain = await search(shipped_index, "和同事、团队成员意见不一致", 5)
    diverse = await search(shipped_index, "和同事、团队成员意见不一致", 5, diverse=0.7)
    assert diverse[0] == plain[0]
    assert {hit.question_id for hit in plain} != {hit.question_id for hit in diverse}

    def mean_resemblance(texts: list[str]) -> float:
        seen = [wording(text).vector for text in texts]
        return sum(float(one @ two) for one in seen for two in seen) / len(seen) ** 2

    assert mean_resemblance([hit.text for hit in diverse]) < mean_resemblance([hit.text for hit in plain])
