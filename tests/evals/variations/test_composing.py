import pytest

from evals.variations.composing import ComposedReply, Sentence, composed, part_of
from evals.variations.statements import Statements

STATEMENTS = Statements(
    points={f"p{k}": (f"Statement {k}.", f"Otherwise {k}.") for k in range(1, 6)},
    filler=("Filler A.", "Filler B."),
)
POINTS = list(STATEMENTS.points)


@pytest.fixture
def reply() -> ComposedReply:
    return composed(STATEMENTS, POINTS, seed="s", joined_by=" ")


def test_a_reply_says_each_point_once(reply: ComposedReply) -> None:
    assert sorted(reply.covered) == POINTS
    assert all(reply.text.count(f"Statement {k}.") == 1 for k in range(1, 6))


def test_a_place_is_where_its_point_is_said(reply: ComposedReply) -> None:
    said = {point: reply.text[start:end] for point, (start, end) in reply.places.items()}
    assert said == {f"p{k}": f"Statement {k}." for k in range(1, 6)}


def test_the_same_seed_composes_the_same_reply(reply: ComposedReply) -> None:
    assert composed(STATEMENTS, POINTS, seed="s", joined_by=" ") == reply
    orders = {composed(STATEMENTS, POINTS, seed=str(n)).text for n in range(10)}
    assert len(orders) > 1


@pytest.mark.parametrize("point", POINTS)
def test_deleting_removes_exactly_one_sentence(reply: ComposedReply, point: str) -> None:
    shorter = reply.without(point)
    assert shorter.covered == [other for other in reply.covered if other != point]
    assert set(reply.sentences) - set(shorter.sentences) == {Sentence(STATEMENTS.points[point][0], point)}
    assert len(shorter.sentences) == len(reply.sentences) - 1


def test_deleting_what_is_not_said_is_an_error(reply: ComposedReply) -> None:
    with pytest.raises(ValueError, match="p9"):
        reply.without("p9")
    with pytest.raises(ValueError, match="p1"):
        reply.without("p1").without("p1")


@pytest.mark.parametrize("at", [0, 2, 5])
def test_adding_puts_one_sentence_in_its_place(reply: ComposedReply, at: int) -> None:
    longer = reply.with_sentence(Sentence("New.", "p9"), at)
    assert longer.covered[at] == "p9"
    assert longer.without("p9") == reply


def test_shuffling_changes_the_order_alone(reply: ComposedReply) -> None:
    shuffled = reply.shuffled("again")
    assert shuffled.sentences != reply.sentences
    assert sorted(shuffled.text) == sorted(reply.text)
    assert shuffled == reply.shuffled("again")


def test_one_sentence_has_no_other_order() -> None:
    alone = composed(STATEMENTS, ["p1"])
    assert alone.shuffled("s") == alone


def test_paraphrasing_keeps_points_and_order(reply: ComposedReply) -> None:
    paraphrase = reply.paraphrased(STATEMENTS)
    assert paraphrase.covered == reply.covered
    assert paraphrase.text == reply.text.replace("Statement", "Otherwise")


def test_filler_stands_between_statements(reply: ComposedReply) -> None:
    filled = reply.filled(STATEMENTS.filler)
    assert filled.covered == reply.covered
    assert [sentence.text for sentence in filled.sentences if sentence.point is None] == list(
        STATEMENTS.filler
    )
    assert filled.sentences[0] == reply.sentences[0]


def test_filler_paraphrased_stays_filler(reply: ComposedReply) -> None:
    assert "Filler A." in reply.filled(STATEMENTS.filler).paraphrased(STATEMENTS).text


@pytest.mark.parametrize(("count", "said"), [(1, 1), (2, 1), (3, 2), (6, 4), (7, 5), (40, 27)])
def test_a_third_of_the_points_stays_unsaid(count: int, said: int) -> None:
    points = [f"p{k}" for k in range(count)]
    chosen = part_of(points, "seed")
    assert len(chosen) == said
    assert chosen == [point for point in points if point in chosen]
