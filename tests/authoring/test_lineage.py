from app.authoring.lineage import kin
from app.banks.schema import Bank
from tests.authoring.making import ANGRY, LATE, WHY, question
from tests.banks.bank_files import bank_data


def bank(*texts: str) -> Bank:
    return Bank.model_validate(bank_data("a", {"s": list(texts)}))


def matches(current: Bank | None, *questions: object) -> dict[str, str]:
    return {key: found.id for key, found in kin(list(questions), current).items()}  # type: ignore[arg-type]


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
