from evals.suites import naive
from tests.evals.conftest import CreditingJudge, MakeBench
from tests.fakes.scripted import ScriptedLLM


async def test_the_naive_call_is_measured_beside_the_scorer(make_bench: MakeBench) -> None:
    bench = make_bench(CreditingJudge(), ScriptedLLM('{"score": 8}', "nonsense", default='{"score": 8}'), 4)
    result = await naive.run(bench)
    assert result.not_scored == 1
    assert [row["score"] for row in result.rows].count(8) == 3
    replayed = await naive.run(make_bench(CreditingJudge(), ScriptedLLM('{"score": 0}'), 4))
    assert sorted(str(row["score"]) for row in replayed.rows) == ["0", "8", "8", "8"]


async def test_the_naive_prompt_shows_the_reply_as_data(make_bench: MakeBench) -> None:
    llm = ScriptedLLM(default='{"score": 3}')
    await naive.run(make_bench(CreditingJudge(), llm, 3))
    for prompt in llm.history:
        assert prompt.messages[-1]["content"].count("</reply>") == 1
