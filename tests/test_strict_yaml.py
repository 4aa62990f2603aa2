import pytest

from app.strict_yaml import YamlFault, read_yaml_text


def test_keys_that_stand_again_are_named_with_line_and_steps() -> None:
    text = read_yaml_text("a: 1\nb:\n  c: 1\n  c: 2\nd:\n  - {e: 1, e: 2}\n")
    assert list(text.repeated_keys()) == [(4, ("b", "c")), (6, ("d", 0, "e"))]


def test_an_alias_that_leads_back_to_what_holds_it_ends() -> None:
    text = read_yaml_text("a: &a\n  b: 1\n  again: *a\n  b: 2\n")
    assert list(text.repeated_keys()) == [(4, ("a", "b"))]


def test_what_is_no_yaml_is_named_with_its_line() -> None:
    with pytest.raises(YamlFault) as caught:
        read_yaml_text("a: 1\nb: [1\n")
    assert caught.value.line > 1
