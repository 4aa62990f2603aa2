from evals.bench import JUDGEMENTS
from evals.scored import paired
from evals.suites import NAMES, agreement, review, suite
from tests.evals.conftest import CreditingJudge, MakeBench
from tests.evals.suites.scored_cards import UNSCORED, card_of, labelled_reply


def test_agreement_compares_points_and_totals() -> None:
    scoring = paired(
        [labelled_reply((1, 0.5, 0, 0)), labelled_reply((1, 0, 0, 0), "另一题？")],
        [card_of((1, 1, 0, 0)), card_of((1, 0, 0, 1))],
    )
    figures = agreement.figures(scoring)
    assert figures["agreement.points"] == 8
    assert figures["agreement.accuracy"] == 6 / 8
    assert figures["agreement.mae_of_8"] == (1 + 2) / 2
    assert figures["agreement.bias_of_8"] == (1 + 2) / 2
    assert figures["agreement.credits_without_quote"] == 0


def test_a_reply_that_was_not_scored_is_counted_and_never_a_zero() -> None:
    scoring = paired([labelled_reply((1, 1)), labelled_reply((1, 1))], [card_of((1, 1)), UNSCORED])
    result = agreement.report(scoring)
    assert result.figures["agreement.mae_of_8"] == 0
    assert result.figures["agreement.not_scored"] == result.not_scored == 1
    assert [row["score"] for row in result.rows] == [8.0, None]
    assert result.rows[1]["reason"] == "llm-error: no"


def test_nothing_scored_leaves_figures_out_instead_of_failing() -> None:
    result = agreement.report(paired([labelled_reply((1, 1))], [UNSCORED]))
    assert result.figures["agreement.macro_f1"] is None
    assert review.report([]).figures["review.area"] is None


def test_a_credit_whose_quote_is_not_in_the_reply_is_found() -> None:
    forged = card_of((1, 0))
    forged.points[0].quotes[0].text = "没说过"
    bare = card_of((1, 0))
    bare.points[0].quotes = []
    scoring = paired([labelled_reply((1, 0)), labelled_reply((1, 0))], [forged, bare])
    assert agreement.figures(scoring)["agreement.credits_without_quote"] == 2


def test_totals_fall_into_bands() -> None:
    assert [agreement.band(total) for total in (0, 1.99, 2, 8)] == ["0 to 2", "0 to 2", "2 to 4", "6 to 8"]


async def test_review_and_a_second_run_judge_nothing_again(make_bench: MakeBench) -> None:
    judge = CreditingJudge()
    bench = make_bench(judge, limit=6)
    first = await agreement.run(bench)
    judged = judge.calls
    assert first.figures["agreement.replies"] == 6
    await review.run(bench)
    again = await agreement.run(make_bench(judge, limit=6))
    assert judge.calls == judged > 0
    assert again.figures == first.figures
    assert (bench.folder / JUDGEMENTS).exists()


def test_every_suite_has_its_name() -> None:
    assert [suite(name).NAME for name in NAMES] == list(NAMES)
