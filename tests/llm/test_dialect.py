import pytest

from app.llm.dialect import Dialect


def test_a_newer_name_of_the_token_limit_is_taken_over() -> None:
    dialect = Dialect()
    refusal = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    assert dialect.adapt(refusal, dialect.fields(10, 0.0))
    assert dialect.fields(10, 0.0) == {"max_completion_tokens": 10, "temperature": 0.0}


def test_a_prompt_that_is_too_long_teaches_nothing() -> None:
    dialect = Dialect()
    assert not dialect.adapt("maximum context length is 4096 tokens", {"response_format", "stream_options"})
    assert dialect.schema


def test_a_field_that_was_accepted_before_is_kept_unless_it_is_named() -> None:
    dialect = Dialect()
    dialect.accept({"response_format", "stream_options"})
    assert not dialect.adapt("bad request", {"response_format", "stream_options"})
    assert dialect.adapt("stream_options is not permitted", {"stream_options"})


@pytest.mark.parametrize(("strategy", "asks"), [("auto", True), ("schema", True), ("text", False)])
def test_the_strategy_decides_whether_schemas_are_asked_for(strategy: str, asks: bool) -> None:
    assert Dialect(strategy).schema is asks  # type: ignore[arg-type]
