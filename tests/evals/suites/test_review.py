from evals.scored import paired
from evals.suites import review
from tests.evals.suites.scored_cards import card_of, labelled_reply


def test_review_finds_errors_among_the_points_in_doubt() -> None:
    card = card_of((1, 1, 0, 0), (0.5, 0.9, 0.8, 0.95))
    card.points[0].needs_review = True
    points = paired([labelled_reply((0, 1, 1, 0))], [card]).scored[0].points
    figures = review.figures(points)
    assert figures["review.flagged"] == 0.25
    assert figures["review.errors_in_flagged"] == 0.5
    assert figures["review.accuracy_unflagged"] == 2 / 3
    assert figures["review.errors_in_lowest_15"] == 0.5 * 0.15 / 0.25
