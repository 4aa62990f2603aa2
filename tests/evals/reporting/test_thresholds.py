from pathlib import Path

import pytest

from app.settings import Settings
from evals.reporting.thresholds import Threshold, check, thresholds_for
from evals.suites import NAMES


@pytest.mark.parametrize(
    ("threshold", "figure", "passes"),
    [
        (Threshold(min=0.8), 0.8, True),
        (Threshold(min=0.8), 0.79, False),
        (Threshold(max=0), 0, True),
        (Threshold(max=0), 1, False),
        (Threshold(min=0, max=1), 2, False),
        (Threshold(min=0), None, False),
    ],
)
def test_a_bound_is_the_worst_that_passes(threshold: Threshold, figure: float | None, passes: bool) -> None:
    assert threshold.passes(figure) is passes


def test_a_figure_that_its_suite_did_not_measure_fails_and_a_suite_that_did_not_run_is_not_held() -> None:
    thresholds = {"agreement.kappa": Threshold(min=0.5), "attacks.inflated": Threshold(max=0)}
    verdicts = check(thresholds, {}, ["agreement"])
    assert [(verdict.name, verdict.passed) for verdict in verdicts] == [("agreement.kappa", False)]


def test_the_embedded_models_bounds_hold_for_it_alone(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text('[any]\n"a.x" = { max = 0 }\n[embedded]\n"a.x" = { max = 1 }\n"a.y" = { min = 1 }\n')
    assert thresholds_for(settings, path) == {"a.x": Threshold(max=1), "a.y": Threshold(min=1)}
    endpoint = settings.model_copy(update={"llm_base_url": "http://127.0.0.1:1/v1"})
    other_gguf = settings.model_copy(update={"model_path": tmp_path / "other.gguf"})
    for other in (endpoint, other_gguf):
        assert thresholds_for(other, path) == {"a.x": Threshold(max=0)}


def test_every_shipped_bound_is_on_a_figure_of_a_suite(settings: Settings) -> None:
    names = thresholds_for(settings)
    assert names
    assert {name.partition(".")[0] for name in names} <= set(NAMES)
