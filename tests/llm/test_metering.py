from app.llm.base import Usage
from app.llm.metering import Meter, Spending, calls_about
from app.llm.prompts import RenderedPrompt

PROMPT = RenderedPrompt("zh/judge", "abc", ())


def test_a_call_is_recorded_with_what_it_was_about() -> None:
    usages: list[Usage] = []
    with calls_about("interview/7"):
        inside = Meter(PROMPT, "m", usages.append)
        with calls_about("x" * 200):
            Meter(PROMPT, "m", usages.append).finish()
    Meter(PROMPT, "m", usages.append).finish()
    inside.finish()
    assert [usage.about for usage in usages] == ["x" * 80, "", "interview/7"]


def test_spending_sums_calls_and_says_the_cached_share() -> None:
    spending = Spending()
    assert str(spending) == "0 LLM calls"
    spending.add(Usage("p", "m", "h", prompt_tokens=100, cached_tokens=75, completion_tokens=9))
    spending.add(Usage("p", "m", "h", prompt_tokens=100, cached_tokens=0, outcome="timeout"))
    assert str(spending) == ("2 LLM calls (1 failed), 200 prompt tokens (38% cached), 9 completion tokens")
    assert Spending().cached_share == 0
