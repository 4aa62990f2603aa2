from hypothesis import given
from hypothesis import strategies as st

from app.web.scores.highlight import Segment, Span, segments


def test_a_quote_becomes_a_segment_of_its_own() -> None:
    assert segments("我先道歉再退款", [Span(1, 4, "p1", "a")]) == [
        Segment("我"),
        Segment("先道歉", ("p1",), ("a",)),
        Segment("再退款"),
    ]


def test_overlapping_quotes_share_their_overlap() -> None:
    assert segments("abcdef", [Span(0, 4, "p1", "a"), Span(2, 6, "p2", "b")]) == [
        Segment("ab", ("p1",), ("a",)),
        Segment("cd", ("p1", "p2"), ("b",)),
        Segment("ef", ("p2",)),
    ]


def test_offsets_count_code_points() -> None:
    assert segments("𠮷𠮷好", [Span(1, 2, "p", "a")])[1] == Segment("𠮷", ("p",), ("a",))


def test_a_quote_outside_the_text_marks_nothing() -> None:
    assert segments("ab", [Span(5, 9, "p", "a"), Span(2, 1, "p", "b")]) == [Segment("ab")]


def test_an_empty_line_has_no_segments() -> None:
    assert segments("", [Span(0, 1, "p", "a")]) == []


spans = st.builds(
    Span, st.integers(-3, 20), st.integers(-3, 20), st.sampled_from("pq"), st.sampled_from("abc")
)


@given(st.text(max_size=15), st.lists(spans, max_size=6))
def test_segments_joined_are_the_text(text: str, given_spans: list[Span]) -> None:
    assert "".join(segment.text for segment in segments(text, given_spans)) == text
