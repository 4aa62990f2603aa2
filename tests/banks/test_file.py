from pathlib import Path

import pytest

from app.banks.file import BankFileError, BankProblem, read_bank_file

GOOD = """\
id: shop
title: Shop
role: clerk
language: en
version: 1.0.0
competencies:
  - id: care
    title: Care
sections:
  - id: start
    title: Start
    questions:
      - id: shop-1
        text: What do you do first?
        kind: situational
        competencies: [care]
        points:
          - id: p1
            text: greets
            weight: 1
          - id: p2
            text: asks what is needed
"""


def problems_of(folder: Path, source: str | bytes, name: str = "shop.yaml") -> list[BankProblem]:
    file = folder / name
    file.write_bytes(source if isinstance(source, bytes) else source.encode())
    with pytest.raises(BankFileError) as caught:
        read_bank_file(file)
    return caught.value.problems


def test_a_good_file_gives_its_bank_and_the_lines_of_its_questions(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(GOOD)
    read = read_bank_file(file)
    assert read.bank.title == "Shop"
    assert read.bank.sections[0].questions[0].points[1].weight == 1.0
    assert read.question_lines == {"shop-1": 13}


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_bank_file(file).bank.id == "shop"


P1 = "sections[0].questions[0].points[0]"
Q1 = "sections[0].questions[0]"


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message", "fix"),
    [
        ("weight: 1", "weight: 0", 20, f"{P1}.weight", "too small", "above 0"),
        ("weight: 1", "weight: 101", 20, f"{P1}.weight", "too large", "at most 100"),
        ("weight: 1", "weight: heavy", 20, f"{P1}.weight", "'heavy' is not a number", "such as 1"),
        ("weight: 1", "weight: .nan", 20, f"{P1}.weight", "nan", "number"),
        ("weight: 1", "wieght: 1", 20, f"{P1}.wieght", "not a field", "`weight`"),
        ("weight: 1", "weight: [1]", 20, f"{P1}.weight", "not a number", "number"),
        ("text: greets", "text: ''", 19, f"{P1}.text", "has no text", "write its text"),
        ("text: greets", "text: '   '", 19, f"{P1}.text", "has no text", "write its text"),
        ("text: greets", "text:", 19, f"{P1}.text", "has no text", "write its text"),
        ("text: greets", f"text: {'x' * 4001}", 19, f"{P1}.text", "too long", "4000"),
        ("        text: What do you do first?\n", "", 13, f"{Q1}.text", "is missing", "add `text:`"),
        ("kind: situational", "kind: riddle", 15, f"{Q1}.kind", "'riddle' is not known", "'behavioural'"),
        ("version: 1.0.0", "version: 1.0", 5, "version", "1.0 is not text", "quotes"),
        ("version: 1.0.0", "version: v1", 5, "version", "wrong form", "1.0.0"),
        ("language: en", "language: english please", 4, "language", "wrong form", "zh-CN"),
        ("id: shop-1", "id: Shop 1", 13, f"{Q1}.id", "wrong form", "lower-case"),
        ("id: shop-1", "id: 12", 13, f"{Q1}.id", "12 is not text", "quotes"),
        ("[care]", "[caer]", 16, f"{Q1}.competencies[0]", "'caer' is not declared", "`care`"),
        ("[care]", "care", 16, f"{Q1}.competencies", "is not a list", "- "),
        (
            "id: p2",
            "id: p1",
            21,
            "sections[0].questions[0].points[1].id",
            "used already on line 18",
            "own id",
        ),
        ("id: shop\n", "id: store\n", 1, "id", "'store' is not the file's name", "store.yaml"),
        ("title: Shop\n", "title: Shop\ntitle: Store\n", 3, "title", "is written twice", "keep one"),
        ("title: Shop\n", "title: Shop\nowner: me\n", 3, "owner", "not a field", "remove it"),
        ("title: Care", "titel: Care", 8, "competencies[0].titel", "not a field", "`title`"),
    ],
)
def test_a_wrong_field_is_named_with_line_and_fix(
    tmp_path: Path, old: str, new: str, line: int, field: str, message: str, fix: str
) -> None:
    problems = problems_of(tmp_path, GOOD.replace(old, new, 1))
    problem = next(problem for problem in problems if problem.field == field)
    assert problem.file == "shop.yaml"
    assert problem.line == line
    assert message in problem.message
    assert fix in problem.fix
    assert str(problem).startswith(f"shop.yaml:{line}: {field}: ")


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        (b"", 0, "is empty"),
        (b"\n  \n", 0, "is empty"),
        (b"# only a comment\n", 1, "does not hold a bank"),
        (b"- a\n- b\n", 1, "does not hold a bank"),
        ("id: shop\ntitle: 客服\n".encode("gb18030"), 2, "is not UTF-8"),
        ("id: shop\n".encode("utf-16"), 1, "is not UTF-8"),
        (b"id: shop\ntitle: [a\nrole: b\n", 3, "is not valid YAML"),
        (b"id: shop\n\ttitle: a\n", 2, "is not valid YAML"),
        (b"id: shop\ntitle: a\x00b\n", 0, "is not valid YAML"),
        (b"id: 2024-99-99\n", 0, "is not valid YAML"),
        (b"id: shop\n---\nid: other\n", 2, "is not valid YAML"),
        (b"id: !!python/object/apply:os.system [ls]\n", 1, "is not valid YAML"),
        (b"a: &x [1]\nb: *x\n", 2, "uses a YAML alias"),
        (b"a: " + b"[" * 5000 + b"]" * 5000, 1, "nests deeper"),
    ],
)
def test_a_file_that_is_no_bank_is_refused_whole(
    tmp_path: Path, source: bytes, line: int, message: str
) -> None:
    (problem,) = problems_of(tmp_path, source)
    assert (problem.line, problem.field) == (line, "")
    assert message in problem.message
    assert problem.fix


def test_every_problem_is_listed_in_the_order_of_the_file(tmp_path: Path) -> None:
    spoiled = (
        GOOD.replace("weight: 1", "weight: -1").replace("[care]", "[speed]").replace("id: p2", "id: p1")
    ).replace("language: en\n", "")
    problems = problems_of(tmp_path, spoiled)
    assert [problem.field for problem in problems] == [
        "language",
        f"{Q1}.competencies[0]",
        f"{P1}.weight",
        "sections[0].questions[0].points[1].id",
    ]
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_a_file_that_cannot_be_read_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(BankFileError, match="can't be read"):
        read_bank_file(tmp_path / "gone.yaml")
