from app.banks.schema import Question
from app.db.tables import Utterance
from app.interviews.reports.suggestions import example_of, suggest
from app.scoring.card import PointScore, QuestionScore, Quote

QUESTION = Question.model_validate(
    {
        "id": "q",
        "text": "客户投诉怎么处理？",
        "kind": "situational",
        "points": [
            {"id": "p1", "text": "先向客户道歉", "weight": 1},
            {"id": "p2", "text": "给出两个解决方案让客户选", "weight": 2, "probe": "答复时您怎么做？"},
            {"id": "p3", "text": "事后回访客户是否满意", "weight": 1},
        ],
        "reference_answer": "我先道歉。接着给出两个方案，换新或者退款，让他自己选。周末再回访他满不满意。",
    }
)
REPLIES = [Utterance(seq=2, speaker="candidate"), Utterance(seq=4, speaker="candidate")]


def card(*credits: float | None, seq: int = 2, doubtful: tuple[int, ...] = ()) -> QuestionScore:
    return QuestionScore(
        status="scored" if None not in credits else "not_scored",
        score=1.0 if None not in credits else None,
        max_score=8,
        points=[
            PointScore(
                id=each.id,
                text=each.text,
                weight=each.weight,
                credit=credit,
                needs_review=place in doubtful,
                quotes=[Quote(seq=seq, start=0, end=2, text="道歉")] if credit else [],
            )
            for place, (each, credit) in enumerate(zip(QUESTION.points, credits, strict=True), 1)
        ],
        fingerprint="f",
    )


def test_the_point_that_would_win_most_is_suggested_with_the_model_answers_own_words() -> None:
    found = suggest(QUESTION, card(1, 0, 0), REPLIES, with_example=True)
    assert found is not None
    assert (found.kind, found.point_id) == ("add", "p2")
    assert found.example == "接着给出两个方案，换新或者退款，让他自己选。"
    assert found.probe == "答复时您怎么做？"


def test_half_a_point_is_to_be_completed() -> None:
    found = suggest(QUESTION, card(1, 0.5, 1), REPLIES, with_example=True)
    assert found is not None
    assert (found.kind, found.point_id) == ("complete", "p2")


def test_between_equal_points_the_one_surely_missing_is_suggested() -> None:
    found = suggest(QUESTION, card(0, 1, 0, doubtful=(1,)), REPLIES, with_example=True)
    assert found is not None
    assert found.point_id == "p3"


def test_nothing_of_the_model_answer_is_shown_where_it_is_not_released() -> None:
    found = suggest(QUESTION, card(1, 0, 0), REPLIES, with_example=False)
    assert found is not None
    assert found.example is None


def test_full_marks_at_once_need_no_suggestion() -> None:
    assert suggest(QUESTION, card(1, 1, 1), REPLIES, with_example=True) is None


def test_full_marks_won_by_follow_ups_should_come_the_first_time() -> None:
    found = suggest(QUESTION, card(1, 1, 1, seq=4), REPLIES, with_example=True)
    assert found is not None
    assert (found.kind, found.point_id) == ("first_time", "p2")


def test_what_is_not_scored_gets_no_suggestion() -> None:
    assert suggest(QUESTION, card(1, None, 0), REPLIES, with_example=True) is None


def test_no_sentence_is_shown_for_a_point_that_none_fits_best() -> None:
    question = QUESTION.model_copy(update={"reference_answer": "接着给出两个方案，让客户自己选。"})
    assert example_of(question, "p2") == "接着给出两个方案，让客户自己选。"
    assert example_of(question, "p3") is None


def test_without_a_model_answer_there_is_no_example() -> None:
    assert example_of(QUESTION.model_copy(update={"reference_answer": None}), "p1") is None
