import pytest

from app.documents.readers.limits import LIMITS, gather
from app.documents.readers.yaml_json import NotATreeError, json_tree, tree_lines, yaml_tree
from app.errors import BadInputError


def test_keys_stand_before_values_and_entries_have_markers() -> None:
    tree = json_tree(
        '{"title":"库","questions":[{"q":"问\\n二","points":["甲","乙"],"marks":8.5,"hard":true}]}'
    )
    assert [(line.depth, line.marker, line.text) for line in tree_lines(tree, LIMITS)] == [
        (0, "", "title: 库"),
        (0, "", "questions:"),
        (1, "•", "q: 问"),
        (1, "", "二"),
        (1, "", "points:"),
        (2, "•", "甲"),
        (2, "•", "乙"),
        (1, "", "marks: 8.5"),
        (1, "", "hard: true"),
    ]


def test_an_object_a_line_is_read_as_a_list() -> None:
    tree = json_tree('{"q": 1}\n\n{"q": 2}\n')
    assert [line.text for line in tree_lines(tree, LIMITS)] == ["q: 1", "q: 2"]


def test_yaml_scalars_stay_as_they_are_written() -> None:
    tree = yaml_tree("answer: yes\ndate: 2025-01-02\nversion: 1.10\nempty:\n")
    assert [line.text for line in tree_lines(tree, LIMITS)] == [
        "answer: yes",
        "date: 2025-01-02",
        "version: 1.10",
    ]


def test_several_yaml_documents_are_all_read() -> None:
    assert [line.text for line in tree_lines(yaml_tree("q: 1\n---\nq: 2\n"), LIMITS)] == ["q: 1", "q: 2"]


@pytest.mark.parametrize(("text", "line"), [('{"q": ', 1), ('{"q": 1}\n{"q": ', 2), ("plain", 1)])
def test_broken_json_says_where(text: str, line: int) -> None:
    with pytest.raises(NotATreeError, match=f"line {line}"):
        json_tree(text)


def test_broken_yaml_says_where() -> None:
    with pytest.raises(NotATreeError, match=r"line \d"):
        yaml_tree("a: 1\nb: {")


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(BadInputError, match="nests more than"):
        json_tree("[" * 1_000_000)
    with pytest.raises(BadInputError, match="nests more than"):
        list(tree_lines(json_tree("[" * 200 + "1" + "]" * 200), LIMITS))


@pytest.mark.parametrize("leaf", ["x,x,x,x,x,x,x,x,x", "[],[],[],[],[],[],[],[],[]"])
def test_references_that_multiply_are_refused(leaf: str) -> None:
    levels = "".join(f"l{i}: &l{i} [{','.join([f'*l{i - 1}'] * 9)}]\n" for i in range(1, 12))
    limits = LIMITS.__class__(lines=10_000)
    with pytest.raises(BadInputError):
        gather(tree_lines(yaml_tree(f"l0: &l0 [{leaf}]\n{levels}"), limits), limits)


def test_a_yaml_file_that_holds_itself_is_no_tree() -> None:
    with pytest.raises(NotATreeError, match="recursive"):
        yaml_tree("a: &a [*a]")
