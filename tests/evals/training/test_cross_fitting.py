import numpy as np
import pytest

from evals.labelled import Reply
from evals.training.cross_fitting import Floats, calibrated_verdicts, plain_verdicts, unseen_logits
from evals.training.fitting import REPEATS, figures

CREDITS = (1.0, 0.5, 0.0, 0.0, 1.0)


@pytest.fixture(autouse=True)
def _coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.training.fitting.CUTS", np.array([0.3, 0.5, 0.7]))
    monkeypatch.setattr("evals.training.cross_fitting.STRENGTHS", (1e-2,))


@pytest.fixture
def replies() -> list[Reply]:
    """Twelve questions with four replies each."""
    return [
        Reply(f"{question}-{at}", f"问题{question}", "zh", "mixed", "train", "", ("p",) * 5, CREDITS)
        for question in range(12)
        for at in range(4)
    ]


def noise(shape: tuple[int, ...]) -> Floats:
    return np.random.default_rng(1).normal(size=shape)


def test_states_that_tell_are_learned_and_states_that_do_not_are_not(replies: list[Reply]) -> None:
    truth = np.tile(CREDITS, len(replies))
    telling = np.column_stack([truth + 0.3 * noise(truth.shape), noise(truth.shape)])
    learned = figures(calibrated_verdicts(unseen_logits(telling, replies), replies), replies * REPEATS)
    guessed = figures(
        calibrated_verdicts(unseen_logits(noise((len(truth), 2)), replies), replies), replies * REPEATS
    )
    assert learned["auc_touched"] > 0.95
    assert guessed["auc_touched"] < 0.65


def test_states_that_only_name_the_question_tell_nothing_about_one_not_seen(replies: list[Reply]) -> None:
    by_question = [
        Reply(r.id, r.question, "zh", "mixed", "train", "", ("p",), (float(int(r.question[2:]) % 2),))
        for r in replies
    ]
    names = np.array([[float(r.question == f"问题{q}") for q in range(12)] for r in by_question])
    verdicts = plain_verdicts(unseen_logits(names, by_question))
    assert figures(verdicts, by_question * REPEATS)["auc_touched"] <= 0.5


def test_calibration_makes_up_for_logits_that_are_off(replies: list[Reply]) -> None:
    truth = np.tile(CREDITS, len(replies) * REPEATS)
    shifted = np.column_stack([8 * truth, 8 * truth - 2]) + 5 + noise((len(truth), 2))
    plain = figures(plain_verdicts(shifted), replies * REPEATS)
    calibrated = figures(calibrated_verdicts(shifted, replies), replies * REPEATS)
    assert calibrated["macro_f1_touched"] > 0.95 > plain["macro_f1_touched"]


def test_a_signal_is_blended_in_where_the_logits_say_nothing(replies: list[Reply]) -> None:
    truth = np.tile(CREDITS, len(replies))
    logits = noise((len(truth) * REPEATS, 2))
    signal = truth + 0.2 * noise(truth.shape)
    without = figures(calibrated_verdicts(logits, replies), replies * REPEATS)
    blended = figures(calibrated_verdicts(logits, replies, signal), replies * REPEATS)
    assert blended["auc_touched"] > 0.9 > without["auc_touched"]
