import numpy as np
import pytest
from numpy.typing import NDArray

from app.banks.schema import Question
from evals.interviews.candidates import ScriptedCandidate, asked_point
from evals.variations.statements import Statements

QUESTION = Question(
    id="q1",
    text="How do you handle a complaint?",
    kind="situational",
    points=[
        {"id": "p1", "text": "Apologises", "probe": "What do you say to them first?"},
        {"id": "p2", "text": "Offers two ways out", "probe": "When you answer them, how do you go about it?"},
        {"id": "p3", "text": "Calls again later"},
    ],
)
STATEMENTS = Statements(
    points={
        "p1": ("I say sorry.", "Sorry, I say."),
        "p2": ("I offer two.", "Two."),
        "p3": ("I call back.", "Call."),
    },
    filler=("It was raining.", "It was late."),
)


class WordEmbedder:
    """Texts are as close as the words of `vocabulary` they share."""

    name = "words"
    vocabulary = ("sorry", "offer", "call", "apologises", "ways", "later")
    dimension = len(vocabulary) + 1

    def embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        counts = np.array(
            [[1.0, *(float(word in text.lower()) for word in self.vocabulary)] for text in texts],
            dtype=np.float32,
        )
        return np.asarray(counts / np.linalg.norm(counts, axis=1, keepdims=True), dtype=np.float32)

    embed_passages = embed_queries


def candidate() -> ScriptedCandidate:
    return ScriptedCandidate(STATEMENTS, held_back=["p2", "p3"], joined_by=" ")


def test_the_probe_tells_what_is_asked_about() -> None:
    said = "Right, you told me a lot.\n\nOne more: When you answer them, how do you go about it?"
    assert asked_point(said, QUESTION) == "p2"


def test_width_case_and_space_do_not_hide_a_probe() -> None:
    assert asked_point("ＷＨＡＴ do you say\nto them first？", QUESTION) == "p1"


def test_two_probes_at_once_are_not_clear() -> None:
    both = f"{QUESTION.points[0].probe} {QUESTION.points[1].probe}"
    assert asked_point(both, QUESTION, WordEmbedder()) is None


def test_without_a_probe_the_closest_point_counts_if_it_leads() -> None:
    assert asked_point("What happens later?", QUESTION, WordEmbedder()) == "p3"
    assert asked_point("Anything to add?", QUESTION, WordEmbedder()) is None
    assert asked_point("What ways, and later?", QUESTION, WordEmbedder()) is None


def test_without_a_probe_or_an_embedder_nothing_is_clear() -> None:
    assert asked_point("What happens later?", QUESTION) is None


def test_the_first_reply_holds_back() -> None:
    assert candidate().first_reply() == "I say sorry."


@pytest.mark.parametrize("point", ["p2", "p3"])
def test_what_is_held_back_is_told_when_asked_and_only_once(point: str) -> None:
    one = candidate()
    assert one.reply_to(point) == STATEMENTS.points[point][0]
    assert one.reply_to(point) in STATEMENTS.filler
    assert one.revealed == [point]


@pytest.mark.parametrize("asked", [None, "p1", "p9"])
def test_nothing_is_told_when_something_else_is_asked(asked: str | None) -> None:
    one = candidate()
    replies = [one.reply_to(asked) for _ in range(4)]
    assert replies == ["It was raining.", "It was late."] * 2
    assert one.revealed == []
    assert one.asked == [asked] * 4


def test_evasions_alternate_beside_what_is_told() -> None:
    one = candidate()
    assert [one.reply_to(point) for point in (None, "p2", None)] == [
        "It was raining.",
        "I offer two.",
        "It was late.",
    ]
