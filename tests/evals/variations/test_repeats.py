from app.scoring.card import PointScore, QuestionScore
from evals.variations.repeats import RepeatedReply, by_repeat, differing_share, totals_by_reply


def card(*credits: float | None, confidence: float | None = 0.9) -> QuestionScore:
    points = [
        PointScore(id=f"p{k}", credit=credit, confidence=confidence) for k, credit in enumerate(credits, 1)
    ]
    scored = None not in credits
    return QuestionScore(
        status="scored" if scored else "not_scored",
        score=sum(credit or 0 for credit in credits) if scored else None,
        max_score=8,
        points=points,
        fingerprint="f",
    )


def reply(*cards: QuestionScore) -> RepeatedReply:
    return RepeatedReply("r", "partial", cards)


def test_a_point_differs_if_it_ever_did() -> None:
    repeated = reply(card(1, 0), card(1, 0.5), card(1, 0))
    assert repeated.differing == ["p2"]
    assert repeated.swing == 0.5
    assert differing_share([repeated]) == 0.5


def test_points_are_told_apart_by_id_not_by_place() -> None:
    turned = card(0, 1)
    turned.points.reverse()
    assert reply(card(0, 1), turned).differing == []


def test_a_point_once_not_scored_differs_and_has_no_total() -> None:
    repeated = reply(card(1, 0), card(1, None))
    assert repeated.differing == ["p2"]
    assert repeated.totals == [1]
    assert repeated.swing == 0
    assert totals_by_reply([repeated]) == []


def test_confidence_drifts_by_its_widest_point() -> None:
    assert reply(card(1, confidence=0.9), card(1, confidence=0.75)).drift == 0.9 - 0.75
    assert reply(card(1, confidence=None), card(1, confidence=None)).drift == 0


def test_credits_come_as_raters_and_units() -> None:
    assert by_repeat([reply(card(1, 0), card(1, 0.5)), reply(card(0), card(None))]) == [
        [1, 0, 0],
        [1, 0.5, None],
    ]


def test_nothing_repeated_has_no_share() -> None:
    assert differing_share([]) is None
    assert by_repeat([]) == []
