from collections.abc import Callable

import pytest

from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.errors import BadInputError
from app.search.index import QuestionIndex
from app.search.service import search, search_points
from tests.banks.bank_files import bank_data
from tests.search.test_sync import HashEmbedder

TEXTS = {
    "calls": [
        "一位客户越说越激动，开始骂人。您会怎么应对？",
        "对方忽然没了回音，一句话都没留。您会怎么处理？",
    ],
    "team": ["您和同事意见不一致，后来怎么化解？", "同事在工作中出了明显的错，您会怎么处理？"],
}


@pytest.fixture
def index(open_index: Callable[..., QuestionIndex]) -> QuestionIndex:
    first = bank_data("a", TEXTS)
    first["sections"][1]["questions"][1] |= {"competencies": ["care"]}
    first["sections"][0]["questions"][1] |= {"kind": "knowledge", "difficulty": "hard"}
    second = bank_data("b", {"team": ["How do you settle a disagreement with a colleague?"]}, language="en")
    banks = [Bank.model_validate(data) for data in (first, second)]
    opened = open_index()
    opened.sync(BankLibrary({bank.id: bank for bank in banks}))
    return opened


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("客人骂脏话咋办", "a-calls-1"),
        ("客人罵髒話怎麼辦", "a-calls-1"),
        ("聊着聊着人不见了，不回我", "a-calls-2"),
        ("跟同事闹矛盾", "a-team-1"),
        ("Disagreement with a COLLEAGUE", "b-team-1"),
    ],
)
async def test_colloquial_traditional_and_english_queries_find_their_question(
    index: QuestionIndex, query: str, first: str
) -> None:
    hits = await search(index, query)
    assert hits[0].question_id == first
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


async def test_a_hit_says_where_the_question_stands(index: QuestionIndex) -> None:
    (hit,) = await search(index, "骂人", 1)
    assert (hit.bank, hit.section, hit.text) == ("a", "calls", TEXTS["calls"][0])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"bank": "b"}, {"b-team-1"}),
        ({"section": "team"}, {"a-team-1", "a-team-2", "b-team-1"}),
        ({"bank": "a", "section": "team"}, {"a-team-1", "a-team-2"}),
        ({"kind": "knowledge"}, {"a-calls-2"}),
        ({"difficulty": "hard"}, {"a-calls-2"}),
        ({"language": "en"}, {"b-team-1"}),
        ({"competency": "care"}, {"a-team-2"}),
        ({"competency": "care", "bank": "b"}, set()),
        ({"bank": "a", "exclude": ["a-calls-1", "a-team-1"]}, {"a-calls-2", "a-team-2"}),
        ({"exclude": {"b-team-1"}}, {"a-calls-1", "a-calls-2", "a-team-1", "a-team-2"}),
        ({"bank": "none"}, set()),
    ],
)
async def test_filters_and_exclusions_hold_for_both_rankings(
    index: QuestionIndex, filters: dict[str, str], found: set[str]
) -> None:
    hits = await search(index, "同事 customer 客户 colleague 怎么", 10, **filters)
    assert {hit.question_id for hit in hits} == found


async def test_points_are_found_on_their_own_and_of_one_question(index: QuestionIndex) -> None:
    anywhere = await search_points(index, "办法：对方没了回音", 1)
    assert (anywhere[0].question_id, anywhere[0].point_id) == ("a-calls-2", "p2")
    here = await search_points(index, "办法：对方没了回音", 10, question_id="a-team-1")
    assert {hit.question_id for hit in here} == {"a-team-1"}
    assert here[0].point_id == "p2"
    assert all(0 <= hit.score <= 1 for hit in here)
    assert await search_points(index, "办法", question_id="none") == []


async def test_a_reply_touches_the_points_it_speaks_of(shipped_index: QuestionIndex) -> None:
    reply = "我会先等个三五分钟。聊到哪儿我会记在工单上。第二天再主动找他一次。"
    found = await search_points(shipped_index, reply, 6, question_id="ocs-scenarios-1")
    assert {hit.point_id for hit in found[:3]} == {"p1", "p4", "p5"}
    other = await search_points(shipped_index, "今天天气很好。", 6, question_id="ocs-scenarios-1")
    assert other[0].score < found[2].score


async def test_a_question_is_found_by_a_reply_to_it_that_shares_few_of_its_words(
    shipped_index: QuestionIndex,
) -> None:
    reply = (
        "谁第一个接的谁就管到底，不能说这个不归我管就把人推出去。转给别的部门了我也还得盯着，不然客户又要从头讲一遍，"
        "来回折腾时间更长。"
    )
    assert (await search(shipped_index, reply, 1))[0].question_id == "ocs-expertise-3"


@pytest.mark.parametrize("diverse", [-0.1, 1.1, float("nan")])
async def test_a_senseless_diversity_is_refused(index: QuestionIndex, diverse: float) -> None:
    with pytest.raises(BadInputError, match="diverse"):
        await search(index, "骂人", diverse=diverse)


@pytest.mark.parametrize("filters", [{"bank": "many-7"}, {"difficulty": "hard"}, {"section": "none"}])
async def test_filters_find_all_they_are_asked_for_among_thousands(
    open_index: Callable[..., QuestionIndex], monkeypatch: pytest.MonkeyPatch, filters: dict[str, str]
) -> None:
    monkeypatch.setattr("app.search.candidates.COMPARED", 50)
    banks = {}
    for number in range(30):
        data = bank_data(f"many-{number}", {"s": [f"question {number} {place}" for place in range(100)]})
        for question in data["sections"][0]["questions"][:90]:
            question["difficulty"] = "easy"
        for question in data["sections"][0]["questions"][90:]:
            question["difficulty"] = "hard"
        banks[data["id"]] = Bank.model_validate(data)
    many = open_index(HashEmbedder())
    many.sync(BankLibrary(banks))
    fitting = 0 if "section" in filters else 100 if "bank" in filters else 300
    hits = await search(many, "question 12 77", 20, **filters)
    assert len(hits) == min(20, fitting)
    assert all(hit.bank == filters.get("bank", hit.bank) for hit in hits)


@pytest.mark.parametrize("query", ["", "  \n", "？？！", "\u200b\ud800", "字" * 20_001])
async def test_a_query_without_words_or_too_long_is_refused(index: QuestionIndex, query: str) -> None:
    with pytest.raises(BadInputError, match="query"):
        await search(index, query)
    with pytest.raises(BadInputError, match="query"):
        await search_points(index, query)


@pytest.mark.parametrize("k", [0, -1, 1001])
async def test_a_senseless_number_of_hits_is_refused(index: QuestionIndex, k: int) -> None:
    with pytest.raises(BadInputError, match="k:"):
        await search(index, "骂人", k)


async def test_a_job_description_of_many_lines_is_a_query(index: QuestionIndex) -> None:
    text = "岗位职责：\n1. 安抚情绪激动、骂人的客户\n2. 处理投诉\n" + "其他职责。" * 1000
    assert (await search(index, text, 1))[0].question_id == "a-calls-1"


async def test_an_empty_index_finds_nothing(open_index: Callable[..., QuestionIndex]) -> None:
    empty = open_index()
    empty.sync(BankLibrary({}))
    assert await search(empty, "骂人") == []
