import json
from pathlib import Path

from app.banks.library import BankLibrary
from app.settings import PROJECT_DIR
from evals.labelled import GOLDEN, MARKS, held_out_replies, read_replies

LINE = {
    "id": "x-1",
    "occupation": "客服",
    "language": "zh",
    "question": "怎么处理？",
    "points": [{"id": "a", "text": "致歉"}, {"id": "b", "text": "核实"}],
    "kind": "followup",
    "answer": "先说抱歉。\n再看照片。",
    "replies": ["先说抱歉。", "再看照片。"],
    "labels": {"a": 1, "b": 0.5},
    "labels_second": {"a": 1, "b": 1},
    "split": "test",
}


def _file(folder: Path, **changes: object) -> Path:
    path = folder / "some.jsonl"
    path.write_text(json.dumps(LINE | changes, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_a_reply_to_a_follow_up_is_a_turn_of_its_own(tmp_path: Path) -> None:
    reply = read_replies(_file(tmp_path))[0]
    assert [(part.seq, part.text) for part in reply.parts] == [(2, "先说抱歉。"), (4, "再看照片。")]
    assert (reply.credits, reply.second, reply.dataset) == ((1.0, 0.5), (1.0, 1.0), "some")


def test_an_answer_without_turns_is_one_turn(tmp_path: Path) -> None:
    reply = read_replies(_file(tmp_path, replies=None, labels_second=None))[0]
    assert [part.text for part in reply.parts] == [reply.answer]
    assert reply.second is None


def test_a_question_of_a_bank_is_scored_with_the_banks_weights_and_reference() -> None:
    banks = BankLibrary.from_folder(PROJECT_DIR / "knowledge")
    shipped = [reply for reply in held_out_replies() if reply.question_id]
    assert shipped
    for reply in shipped:
        item = reply.item(banks)
        _, _, question = banks.question(str(reply.question_id))
        assert [point.weight for point in item.points] == [point.weight for point in question.points]
        assert item.reference_answer == (question.reference_answer or "")
        assert item.max_score == MARKS


def test_a_question_whose_points_have_changed_is_scored_by_the_points_it_was_labelled_by(
    tmp_path: Path,
) -> None:
    banks = BankLibrary.from_folder(PROJECT_DIR / "knowledge")
    for question_id in ("css-behavioural-1", "gone"):
        item = read_replies(_file(tmp_path, question_id=question_id))[0].item(banks)
        assert [(point.id, point.text) for point in item.points] == [("a", "致歉"), ("b", "核实")]


def test_held_out_replies_are_of_the_test_split_only(tmp_path: Path) -> None:
    found = held_out_replies((GOLDEN, tmp_path / "not-there.jsonl"))
    assert len(found) == 144
    assert {reply.split for reply in found} == {"test"}
