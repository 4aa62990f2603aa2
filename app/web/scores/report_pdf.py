"""A report as PDF, set by Typst in a font that comes along, so that it looks the same on every machine."""

import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from app.db.tables import Interview
from app.web.languages import Language
from app.web.rendering import fragment
from app.web.scores.report_blocks import Block, Figure, report_blocks
from app.web.scores.report_view import ReportView
from app.web.wording import Wording

TEMPLATE = Path(__file__).parents[1] / "templates" / "candidate" / "report.typ"
_CHART_STYLE = (
    "text{font-family:'Noto Sans SC';font-size:10.5px;fill:#5a5e57}"
    ".grid{fill:none;stroke:#dedbd1;stroke-width:.8}"
    ".shape{fill:#0d6656;fill-opacity:.16;stroke:#0d6656;stroke-width:1.8}"
    ".line-chart text{font-size:8px}"
    ".path{fill:none;stroke:#0d6656;stroke-width:2}.knot{fill:#0d6656}"
)
# Typst takes all cores; a second report waits rather than starving an interview.
_one_at_a_time = threading.Lock()


async def report_pdf(view: ReportView, interview: Interview, t: Wording, language: Language) -> bytes:
    """The whole report, tagged for screen readers; 30 to 90 ms for eight questions."""
    blocks = [_block(block, view, interview.language) for block in report_blocks(view, interview, t)]
    document = {
        "title": f"{t('report.title')} · {interview.title}",
        "language": language.code,
        "blocks": blocks,
    }
    return await asyncio.to_thread(_set, json.dumps(document, ensure_ascii=False))


def _set(document: str) -> bytes:
    with _one_at_a_time:
        made = typst.compile(TEMPLATE, font_paths=_fonts(), sys_inputs={"report": document}, format="pdf")
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The font that comes along; the machine's own serve for scripts that it lacks."""
    return typst.Fonts(
        include_system_fonts=True,
        include_embedded_fonts=False,
        font_paths=[str(pylopdf_fonts_zh_cn.sans_path().parent)],
    )


def _block(block: Block, view: ReportView, language: str) -> dict[str, object]:
    stored: dict[str, object] = asdict(block)
    if isinstance(block, Figure):
        stored["svg"] = _chart(block, view, language)
    return stored


def _chart(figure: Figure, view: ReportView, language: str) -> str:
    values: Sequence[object] = (figure.name, "", figure.description)
    if figure.name == "radar":
        return fragment("score_macros.html", "radar_chart", view.radar, *values, language, _CHART_STYLE)
    return fragment("score_macros.html", "line_chart", view.progress, *values, _CHART_STYLE)
