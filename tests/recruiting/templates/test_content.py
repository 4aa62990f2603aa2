from typing import Any

import pytest
from pydantic import ValidationError

from app.recruiting.templates.content import TemplateContent
from app.recruiting.templates.errors import problems_of
from tests.recruiting.templates.banking import content


def found(changes: dict[str, Any]) -> list[tuple[str, str]]:
    usual: dict[str, Any] = {"name": "Agent", "parts": [{"bank": "shop", "count": 1}]}
    raw = usual | changes
    with pytest.raises(ValidationError) as caught:
        TemplateContent.model_validate(raw)
    problems = problems_of(caught.value, [part["bank"] for part in raw["parts"]])
    return [(problem.field, problem.kind) for problem in problems]


@pytest.mark.parametrize(
    ("changes", "field", "kind"),
    [
        ({"name": " \u200b "}, "name", "required"),
        ({"name": "x" * 121}, "name", "too_long"),
        ({"minutes": "soon"}, "minutes", "whole_number"),
        ({"minutes": "0"}, "minutes", "too_small"),
        ({"follow_ups": "6"}, "follow_ups", "too_large"),
        ({"sees": "all"}, "sees", "not_usable"),
        ({"parts": []}, "parts", "no_questions"),
        ({"parts": [{"bank": "shop", "count": 1, "sections": {"care": 1}}]}, "parts.shop", "one_way"),
        ({"parts": [{"bank": "shop", "sections": {"care": "many"}}]}, "parts.shop.care", "whole_number"),
        ({"parts": [{"bank": "shop", "count": 0}]}, "parts.shop", "too_small"),
    ],
)
def test_a_problem_names_its_field(changes: dict[str, Any], field: str, kind: str) -> None:
    assert found(changes) == [(field, kind)]


def test_typed_text_is_made_storable() -> None:
    assert content(name="  客服\u0000专员 🎧 ").name == "客服专员 🎧"


def test_the_questions_of_all_parts_are_counted() -> None:
    parts = [{"bank": "a", "sections": {"x": 2, "y": 1}}, {"bank": "b", "count": 4}]
    assert content(parts=parts).questions == 7
