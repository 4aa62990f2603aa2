import threading
from pathlib import Path

import pytest

from app.banks.file import BankProblem
from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.errors import BankError, NotFoundError
from tests.banks.bank_files import bank_data, question_data, write_bank


def test_a_folder_of_banks_is_found_by_bank_and_by_question(tmp_path: Path) -> None:
    write_bank(tmp_path, bank_data("a", {"s": ["一", "二"]}))
    write_bank(tmp_path, bank_data("b", {"t": ["三"]}))
    (tmp_path / "README.md").write_text("not a bank")
    library = BankLibrary.from_folder(tmp_path)
    assert list(library.banks) == ["a", "b"]
    bank, section, question = library.question("b-t-1")
    assert (bank.id, section.id, question.text) == ("b", "t", "三")
    assert library.problems == ()


def test_unknown_names_are_not_found_and_the_message_says_what_there_is(tmp_path: Path) -> None:
    write_bank(tmp_path, bank_data("a", {"s": ["一"]}))
    library = BankLibrary.from_folder(tmp_path)
    with pytest.raises(NotFoundError, match="'z'") as caught:
        library.get("z")
    assert "a" in caught.value.hint
    with pytest.raises(NotFoundError, match="'z-1'"):
        library.question("z-1")


def test_a_malformed_file_is_left_out_and_the_others_serve(tmp_path: Path) -> None:
    write_bank(tmp_path, bank_data("a", {"s": ["一"]}))
    (tmp_path / "b.yaml").write_text("id: b\ntitle: [")
    library = BankLibrary.from_folder(tmp_path, strict=False)
    assert list(library.banks) == ["a"]
    assert [problem.file for problem in library.problems] == ["b.yaml"]


def test_strict_raises_the_problems_of_all_files_and_counts_what_it_does_not_show(tmp_path: Path) -> None:
    for number in range(13):
        (tmp_path / f"bad-{number:02}.yaml").write_text("")
    with pytest.raises(BankError) as caught:
        BankLibrary.from_folder(tmp_path)
    lines = caught.value.detail.splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("bad-00.yaml: is empty")
    assert lines[-1] == "… and 3 more"


def test_a_question_id_in_two_banks_is_a_problem_of_the_second(tmp_path: Path) -> None:
    write_bank(tmp_path, bank_data("a", {"s": ["一"]}))
    second = bank_data("b", {"s": ["二"]})
    second["sections"][0]["questions"].append(question_data("a-s-1", "三"))
    write_bank(tmp_path, second)
    library = BankLibrary.from_folder(tmp_path, strict=False)
    assert list(library.banks) == ["a"]
    (problem,) = library.problems
    assert (problem.file, problem.field) == ("b.yaml", "id")
    assert problem.line > 1
    assert "a-s-1" in problem.message
    assert "a.yaml" in problem.message


def test_the_same_bank_in_two_files_is_a_problem(tmp_path: Path) -> None:
    file = write_bank(tmp_path, bank_data("a", {"s": ["一"]}))
    (tmp_path / "a.yml").write_bytes(file.read_bytes())
    library = BankLibrary.from_folder(tmp_path, strict=False)
    assert list(library.banks) == ["a"]
    assert len(library.problems) == 1


@pytest.mark.parametrize(("name", "message"), [("", "holds no question bank"), ("gone", "does not exist")])
def test_a_folder_without_banks_is_a_problem(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(BankError, match=message):
        BankLibrary.from_folder(tmp_path / name)


def test_the_bank_hash_follows_content_and_not_layout(tmp_path: Path) -> None:
    file = write_bank(tmp_path, bank_data("a", {"s": ["一"]}))
    before = BankLibrary.from_folder(tmp_path)
    file.write_text("# a remark\n" + file.read_text())
    same = BankLibrary.from_folder(tmp_path)
    write_bank(tmp_path, bank_data("a", {"s": ["二"]}))
    changed = BankLibrary.from_folder(tmp_path)
    assert before.bank_hash("a") == same.bank_hash("a") != changed.bank_hash("a")


def test_what_is_put_in_a_librarys_place_is_seen_by_its_holders(tmp_path: Path) -> None:
    write_bank(tmp_path, bank_data("a", {"s": ["一"]}))
    library = BankLibrary.from_folder(tmp_path)
    held, bank = library, library.get("a")
    problem = BankProblem("c", 0, "", "is gone", "look for it")
    library.replace({"b": Bank.model_validate(bank_data("b", {"t": ["二"]}))}, [problem])
    assert list(held.banks) == ["b"]
    assert held.question("b-t-1")[2].text == "二"
    assert held.problems == (problem,)
    with pytest.raises(NotFoundError):
        held.question("a-s-1")
    assert bank.sections[0].questions[0].text == "一"


def test_readers_of_a_library_see_the_old_or_the_new_banks() -> None:
    versions = [
        {"a": Bank.model_validate(bank_data("a", {"s": [f"{word}{n}" for n in range(50)]}))}
        for word in "一二"
    ]
    library = BankLibrary(versions[0])
    done = threading.Event()

    def swap() -> None:
        for turn in range(300):
            library.replace(versions[turn % 2])
        done.set()

    writer = threading.Thread(target=swap)
    writer.start()
    while not done.is_set():
        bank, _, question = library.question("a-s-7")
        assert question in bank.sections[0].questions
    writer.join()


def test_the_banks_of_a_library_change_only_by_replacing_them() -> None:
    banks = {"a": Bank.model_validate(bank_data("a", {"s": ["一"]}))}
    library = BankLibrary(banks)
    banks.clear()
    assert list(library.banks) == ["a"]
