import pytest
from pydantic import TypeAdapter

from app.authoring.identifiers import ancestors_of, free_id, question_id, raised, slug, version_key
from app.banks.schema import Bank, Id
from tests.authoring.making import ANGRY, LATE, WHY, question
from tests.banks.bank_files import bank_data


def bank(*texts: str) -> Bank:
    return Bank.model_validate(bank_data("a", {"s": list(texts)}))


def matches(current: Bank | None, *questions: object) -> dict[str, str]:
    return {key: found.id for key, found in ancestors_of(list(questions), current).items()}  # type: ignore[arg-type]


def test_a_new_bank_has_no_kin() -> None:
    assert matches(None, question("q", LATE)) == {}


def test_the_same_words_are_the_same_question_whatever_the_spelling() -> None:
    traditional = "客戶說包裹遲遲沒有送到,您會怎麼處理?"
    assert matches(bank(ANGRY, LATE), question("q", traditional)) == {"q": "a-s-2"}


def test_a_little_rewording_is_the_same_question() -> None:
    assert matches(bank(ANGRY, LATE), question("q", LATE.replace("您会怎么", "您将怎么"))) == {"q": "a-s-2"}


def test_another_question_is_not() -> None:
    assert matches(bank(LATE), question("q", "客户说包裹已经破损，您会怎么赔偿？"), question("r", WHY)) == {}


def test_much_rewording_is_the_same_question_when_half_of_the_points_stay() -> None:
    reworded = "如果客户说包裹还没有送到，您怎么处理？"
    assert matches(bank(LATE), question("q", reworded)) == {}
    assert matches(bank(LATE), question("q", reworded, [f"先弄清：{LATE}"])) == {"q": "a-s-1"}


def test_each_current_question_is_matched_once_and_the_most_alike_first() -> None:
    found = matches(
        bank(LATE),
        question("near", LATE.replace("您会", "您将")),
        question("same", LATE),
        question("twin", LATE),
    )
    assert found == {"same": "a-s-1"}


def test_an_id_from_the_source_counts_more_than_words() -> None:
    found = matches(bank(LATE, ANGRY), question("x", LATE, id="a-s-2"), question("y", ANGRY, id="other"))
    assert found == {"x": "a-s-2"}


def test_thousands_of_reworded_questions_are_matched_quickly() -> None:
    texts = [f"第{n}类客户在第{n * 7}号柜台提出要求时，您怎样一步一步处理这件事情？" for n in range(2000)]
    new = [question(str(n), text.replace("一步一步", "逐步")) for n, text in enumerate(texts)]
    assert len(matches(bank(*texts), *new)) > 1900


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
