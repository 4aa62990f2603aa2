from pathlib import Path

import pytest
import yaml

from app.banks.library import BankLibrary
from app.banks.schema import Question
from app.errors import SetupError
from app.settings import PROJECT_DIR
from evals.variations.statements import read_statements

QUESTION = Question(
    id="q1",
    text="What happened?",
    kind="behavioural",
    points=[{"id": "p1", "text": "Says when"}, {"id": "p2", "text": "Says where"}],
)
WHOLE = {
    "points": {"p1": ["On Monday.", "It was Monday."], "p2": ["At home.", "In my flat."]},
    "filler": ["Well.", "So."],
}


def written(path: Path, content: object) -> Path:
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(SetupError) as caught:
        read_statements({"q1": QUESTION}, path)
    assert str(path) in caught.value.detail
    return caught.value.detail


def test_statements_come_by_point(tmp_path: Path) -> None:
    found = read_statements({"q1": QUESTION}, written(tmp_path / "s.yaml", {"q1": WHOLE}))
    assert found["q1"].points == {"p1": ("On Monday.", "It was Monday."), "p2": ("At home.", "In my flat.")}
    assert found["q1"].filler == ("Well.", "So.")


def test_a_missing_point_is_named_with_file_and_question(tmp_path: Path) -> None:
    content = {"q1": WHOLE | {"points": {"p1": WHOLE["points"]["p1"]}}}
    assert "q1: point p2: missing" in complaint(written(tmp_path / "s.yaml", content))


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (None, "q1: no statements"),
        (["p1"], "q1: no statements"),
        (WHOLE | {"points": WHOLE["points"] | {"p1": ["Only one."]}}, "point p1: 1 sentences instead of 2"),
        (
            WHOLE | {"points": WHOLE["points"] | {"p1": ["Same.", "Same."]}},
            "point p1: the same sentence twice",
        ),
        (
            WHOLE | {"points": WHOLE["points"] | {"p1": ["On Monday.", " "]}},
            "point p1: not a list of sentences",
        ),
        (WHOLE | {"points": WHOLE["points"] | {"p1": "On Monday."}}, "point p1: not a list of sentences"),
        (
            WHOLE | {"points": WHOLE["points"] | {"p9": ["A.", "B."]}},
            "point p9: the question has no such point",
        ),
        ({"points": WHOLE["points"]}, "filler: missing"),
    ],
)
def test_every_fault_is_named(tmp_path: Path, entry: object, fault: str) -> None:
    assert fault in complaint(written(tmp_path / "s.yaml", {"q1": entry}))


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    detail = complaint(written(tmp_path / "s.yaml", {"q1": {"points": {}}}))
    assert "point p1: missing" in detail
    assert "point p2: missing" in detail
    assert "filler: missing" in detail


@pytest.mark.parametrize("content", ["a: [", "- q1", ""])
def test_a_file_that_is_no_map_is_named(tmp_path: Path, content: str) -> None:
    complaint(written(tmp_path / "s.yaml", content))


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    complaint(tmp_path / "nowhere.yaml")


def test_every_shipped_question_has_statements() -> None:
    banks = BankLibrary.from_folder(PROJECT_DIR / "knowledge").banks.values()
    questions = {q.id: q for bank in banks for section in bank.sections for q in section.questions}
    assert set(read_statements(questions)) == set(questions)
