import re
from xml.etree import ElementTree

from evals.reporting.plots import bar_chart, line_chart
from evals.reporting.report import render, shown
from evals.reporting.thresholds import Verdict
from evals.results import Plot, SuiteResult, Table

HOSTILE = '<script>alert("x")</script>'


def _page(**changes: object) -> str:
    result = SuiteResult(
        tables=[Table("By kind", ("", "κ", "replies"), [[HOSTILE, -0.25, 3], ["none", None, 0]], "Notes.")],
        plots=[Plot("Curve", line_chart({"a": [(0, 0), (1, 1)]}, "Curve", "x", "y", dots=True))],
        **changes,  # type: ignore[arg-type]
    )
    verdicts = [
        Verdict("agreement.kappa", 0.7, "≥ 0.6", True),
        Verdict("agreement.qwk", None, "≥ 0.6", False),
    ]
    return render(
        "run-1", {"agreement": result}, verdicts, {"model": "m", "judge": {"zh": {"prompt": "abc"}}}
    )


def test_the_page_stands_alone() -> None:
    page = _page()
    assert not re.search(r'\b(src|href)="(?!#)', page)
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page


def test_the_page_shows_tables_plots_thresholds_and_provenance() -> None:
    page = _page()
    for text in ("−0.250", "–", "Notes.", "<svg", "≥ 0.6", "failed", "judge · zh · prompt"):
        assert text in page
    assert page.index("agreement.<wbr>qwk") < page.index("agreement.<wbr>kappa"), "what fails comes first"
    assert "Not scored" not in page
    assert "1 in agreement" in _page(not_scored=1)


def test_what_was_typed_is_text_on_the_page() -> None:
    assert HOSTILE not in _page()
    for svg in (
        bar_chart([(HOSTILE, 0.5, (0.4, 0.6))], HOSTILE),
        line_chart({HOSTILE: []}, "t", "x", HOSTILE),
    ):
        assert ElementTree.fromstring(svg).tag.endswith("svg")
        assert "<script" not in svg


def test_bars_end_at_the_scale_and_long_labels_are_cut_by_width() -> None:
    svg = bar_chart([("长" * 60, 3.0, None), ("a" * 60, None, None), ("a" * 40, 0.5, None)], "t")
    texts = [
        element.text or "" for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("text")
    ]
    assert texts[0] == "长" * 24 + "…"
    assert texts[2] == "a" * 49 + "…"
    assert texts[3] == "–"
    assert texts[4] == "a" * 40
    widths = [float(width) for width in re.findall(r'class="bar"[^>]* width="([\d.]+)"', svg)]
    assert widths == [290.0, 145.0]


def test_a_cell_without_a_figure_is_a_dash() -> None:
    assert [shown(value) for value in (None, 1.0, 2, "x")] == ["–", "1.000", "2", "x"]
