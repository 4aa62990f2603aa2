from datetime import UTC, datetime

import pytest

from app.banks.library import BankLibrary
from app.banks.schema import Bank, Question
from app.interviews.schemas import TranscriptLine
from app.settings import PROJECT_DIR
from evals.interviews.scripted import ScriptedInterview, held_back, small_banks
from evals.variations.statements import read_statements

BANKS = BankLibrary.from_folder(PROJECT_DIR / "knowledge")
BANK = BANKS.banks["customer-service-specialist"]
IDS = [question.id for section in BANK.sections for question in section.questions]


def questions_of(bank: Bank) -> list[Question]:
    return [question for section in bank.sections for question in section.questions]


def line(kind: str, text: str) -> TranscriptLine:
    return TranscriptLine(
        seq=1, speaker="interviewer", kind=kind, text=text, at=datetime.now(UTC), question=1
    )


def test_wanted_questions_are_split_two_a_bank() -> None:
    banks = small_banks(BANK, [*IDS[:3], "unknown"])
    assert [[question.id for question in questions_of(bank)] for bank in banks] == [IDS[:2], IDS[2:3]]
    assert len({bank.id for bank in banks}) == 2
    assert all(bank.role == BANK.role for bank in banks)


def test_nothing_wanted_is_no_bank() -> None:
    assert small_banks(BANK, []) == []


@pytest.mark.parametrize("count", [1, 2, 3, 6])
def test_never_all_points_are_held_back(count: int) -> None:
    points = [{"id": f"p{k}", "text": "x"} for k in range(count)]
    question = Question(id="q", text="?", kind="knowledge", points=points)
    assert len(held_back(question, 0)) == min(2, count - 1)


def test_another_round_holds_back_other_points() -> None:
    question = BANKS.question(IDS[0])[2]
    first, second = held_back(question, 0), held_back(question, 1)
    assert set(first).isdisjoint(second)
    assert held_back(question, 0) == first


def test_the_candidate_of_a_question_answers_by_what_is_asked() -> None:
    (bank,) = small_banks(BANK, IDS[:1])
    question = questions_of(bank)[0]
    statements = read_statements({question.id: question})
    interview = ScriptedInterview("1", bank, statements)
    point = interview.candidates[question.id].held_back[0]
    probe = next(other.probe for other in question.points if other.id == point)
    assert statements[question.id].points[point][0] not in interview.answer(
        question.id, line("greet", question.text)
    )
    assert (
        interview.answer(question.id, line("follow_up", f"好的。\n\n{probe}"))
        == statements[question.id].points[point][0]
    )
    assert interview.answer(question.id, line("repeat", question.text)) in statements[question.id].filler
