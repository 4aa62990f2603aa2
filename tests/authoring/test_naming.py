import pytest
from pydantic import TypeAdapter

from app.authoring.naming import free_id, question_id, raised, slug, version_key
from app.banks.schema import Id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在线客服", "zai-xian-ke-fu"),
        ("線上客服（2024 版）", "xian-shang-ke-fu-2024-ban"),
        ("Customer Service — Level 2", "customer-service-level-2"),
        ("カスタマー", ""),
        ("🙂", ""),
        ("绿色", "lv-se"),
    ],
)
def test_a_title_is_spelt_in_letters(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_a_long_title_is_cut_between_words() -> None:
    cut = slug("在线客服" * 20, 30)
    assert cut == "zai-xian-ke-fu-zai-xian-ke-fu"
    assert slug("x" * 100, 30) == "x" * 30


def test_names_that_are_taken_get_a_number() -> None:
    assert [free_id("a", taken) for taken in ((), {"a"}, {"a", "a-2"})] == ["a", "a-2", "a-3"]


def test_a_question_id_follows_what_is_said_and_never_collides() -> None:
    first = question_id("bank", "您好吗？", set())
    assert first == question_id("bank", "您好嗎?", set())
    taken = {first}
    for _ in range(12):
        found = question_id("bank", "您好吗？", taken)
        assert found not in taken
        TypeAdapter(Id).validate_python(found)
        taken.add(found)


def test_versions_are_ordered_by_number() -> None:
    assert version_key("1.10.0") > version_key("1.9.9")
    assert (raised("1.2.3", minor=True), raised("1.2.3", minor=False)) == ("1.3.0", "1.2.4")
