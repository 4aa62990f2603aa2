"""The banks of the project: sound, and found by the words people use."""

from pathlib import Path

import pytest
import yaml

from app.banks.library import BankLibrary
from app.search.index import QuestionIndex
from app.search.service import search

QUERIES = yaml.safe_load(Path(__file__).with_name("colloquial_queries.yaml").read_text(encoding="utf-8"))


def test_the_shipped_banks_have_no_problems(shipped: BankLibrary) -> None:
    assert shipped.problems == ()
    sizes = {
        bank.id: sum(len(section.questions) for section in bank.sections) for bank in shipped.banks.values()
    }
    assert sizes["online-customer-service"] == 19
    assert sizes["customer-service-specialist"] == 10
    assert len(shipped.banks["online-customer-service"].sections) == 5


def test_every_shipped_question_has_four_to_eight_points_a_probe_each_and_an_answer(
    shipped: BankLibrary,
) -> None:
    for bank in shipped.banks.values():
        for section in bank.sections:
            for question in section.questions:
                assert 4 <= len(question.points) <= 8, question.id
                assert all(point.probe for point in question.points), question.id
                assert question.reference_answer, question.id
                assert question.competencies, question.id
                assert question.max_score == 8, question.id


@pytest.mark.timeout(120)
async def test_colloquial_queries_find_the_right_question(shipped_index: QuestionIndex) -> None:
    ranks = []
    for asked in QUERIES:
        found = [hit.question_id for hit in await search(shipped_index, asked["query"], 29)]
        ranks.append(min(found.index(name) for name in asked["right"] if name in found))
    first = sum(rank == 0 for rank in ranks) / len(ranks)
    among_five = sum(rank < 5 for rank in ranks) / len(ranks)
    assert first >= 0.8
    assert among_five >= 0.95
