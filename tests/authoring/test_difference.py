from typing import Any

from app.authoring.difference import difference
from app.banks.schema import Bank
from tests.authoring.making import ANGRY, LATE, WHY
from tests.banks.bank_files import bank_data, question_data


def bank(**fields: Any) -> Bank:
    return Bank.model_validate(bank_data("a", {"s": [LATE, ANGRY], "t": [WHY]}) | fields)


def changed(change: Any) -> Bank:
    data = bank().model_dump()
    change(data)
    return Bank.model_validate(data)


def test_the_same_bank_has_no_difference() -> None:
    diff = difference("a", bank(), bank(version="2.0.0"))
    assert diff.is_empty
    assert (diff.before, diff.after, diff.unchanged) == ("1.0.0", "2.0.0", 3)


def test_a_new_bank_adds_all_its_questions() -> None:
    diff = difference("a", None, bank())
    assert [line.text for line in diff.added] == [LATE, ANGRY, WHY]
    assert (diff.before, diff.details, diff.is_empty) == (None, [], False)
    assert len(difference("a", bank(), None).removed) == 3


def test_questions_come_and_go() -> None:
    def change(data: dict[str, Any]) -> None:
        data["sections"][0]["questions"][0] = question_data("a-new", "新问题？")

    diff = difference("a", bank(), changed(change))
    assert [(line.id, line.section) for line in diff.added] == [("a-new", "Section s")]
    assert [line.text for line in diff.removed] == [LATE]
    assert (diff.changed, diff.unchanged) == ([], 2)


def test_fields_and_points_are_shown_before_and_after() -> None:
    def change(data: dict[str, Any]) -> None:
        asked = data["sections"][0]["questions"][0]
        asked |= {"max_score": 10.0, "examines": "心态"}
        asked["points"] = [
            asked["points"][1] | {"weight": 3.0},
            {"id": "p3", "text": "新的要点", "weight": 1.0, "probe": None},
        ]

    (found,) = difference("a", bank(), changed(change)).changed
    assert [(f.field, f.before, f.after) for f in found.fields] == [
        ("max_score", 8.0, 10.0),
        ("examines", None, "心态"),
    ]
    assert [(point.id, point.change) for point in found.points] == [
        ("p1", "removed"),
        ("p2", "changed"),
        ("p3", "added"),
    ]
    (weight,) = found.points[1].fields
    assert (weight.field, weight.before, weight.after) == ("weight", 2.0, 3.0)


def test_a_move_to_another_section_is_a_change_of_section() -> None:
    def change(data: dict[str, Any]) -> None:
        data["sections"][1]["questions"].append(data["sections"][0]["questions"].pop())

    (found,) = difference("a", bank(), changed(change)).changed
    assert [(f.field, f.before, f.after) for f in found.fields] == [("section", "Section s", "Section t")]


def test_another_order_alone_is_a_difference_too() -> None:
    diff = difference("a", bank(), changed(lambda data: data["sections"][0]["questions"].reverse()))
    assert diff.reordered
    assert not diff.changes_questions
    assert not diff.is_empty

    def turn_points(data: dict[str, Any]) -> None:
        data["sections"][0]["questions"][0]["points"].reverse()

    assert difference("a", bank(), changed(turn_points)).reordered


def test_details_are_shown_before_and_after() -> None:
    diff = difference("a", bank(), bank(title="Another", competencies=[{"id": "care", "title": "Caring"}]))
    assert [(f.field, f.before, f.after) for f in diff.details] == [
        ("title", "Bank a", "Another"),
        ("competencies", ["Care"], ["Caring"]),
    ]
    assert not diff.changes_questions
