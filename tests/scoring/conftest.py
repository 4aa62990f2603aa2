from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from app.llm.prompts import PromptLibrary
from app.scoring.cli import score
from app.scoring.rubric import Item, RubricPoint
from app.settings import PROJECT_DIR, get_settings
from evals.servers.endpoint import FakeEndpoint

MakeItem = Callable[..., Item]
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def one_call_a_point(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests' fakes answer; `judges/test_checklist.py` has the default of endpoints."""
    if request.node.get_closest_marker("model") is None:
        monkeypatch.setenv("INTERVIEWER_JUDGE", "points")


@pytest.fixture
def prompts() -> PromptLibrary:
    """The prompts the service ships with."""
    return PromptLibrary(PROJECT_DIR / "prompts")


@pytest.fixture
def complaint() -> Item:
    """A question with three points of weights 1, 1 and 2, for 8 marks."""
    return Item(
        question="客户投诉商品与描述不符，你会怎么处理？",
        points=(
            RubricPoint("p1", "先致歉并安抚客户的不满情绪", 1),
            RubricPoint("p2", "请客户提供照片等凭证以便核实问题", 1),
            RubricPoint("p3", "给出退货、换货或补偿的具体方案", 2),
        ),
        max_score=8,
        language="zh-CN",
        reference_answer="接到这样的投诉，我会先为商品与页面不一致道歉，让客户把话说完，再请他拍照留证，核对批次后当天给出退换或补差价的方案。",
    )


@pytest.fixture
def run(fake_endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """The command against the fake endpoint, which finds "先道歉" proves every point."""
    fake_endpoint.reply = lambda request: '{"quotes": ["先道歉"], "verdict": "hit"}'
    monkeypatch.setenv("INTERVIEWER_LLM_BASE_URL", fake_endpoint.base_url)
    monkeypatch.setenv("INTERVIEWER_LLM_MODEL", "fake")
    monkeypatch.setenv("INTERVIEWER_LLM_RETRIES", "0")
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()
    command = typer.Typer()
    command.command()(score)

    def invoke(*arguments: str, input: str = "") -> Result:
        return CliRunner().invoke(command, list(arguments), input=input)

    yield invoke
    get_settings.cache_clear()
