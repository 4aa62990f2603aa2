"""On which terms an interview is held: what it may take, who sees what, and for how long it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.interviews.schemas import Mode

Sees = Literal["nothing", "scores", "points", "everything"]
"""What a candidate sees of a released assessment: nothing but that it is over; total and competencies; also
the verdict on every point with its quotes; also the model answers. A practice shows everything."""


@dataclass(frozen=True)
class Terms:
    """None stands for the installation's settings. `minutes` are those the interview may be open.

    `blind` hides identity and scores from a reviewer until they have judged; `retention_days` counts from the
    end of the interview, after which it is deleted.
    """

    mode: Mode = "practice"
    follow_ups: int | None = None
    minutes: int | None = None
    language: str | None = None
    sees: Sees = "everything"
    blind: bool = False
    retention_days: int | None = None
    template_id: str | None = None
    template_revision: int | None = None
    person_id: str | None = None
    candidate_name: str | None = None
    consented_at: datetime | None = None
    again_of: str | None = None
