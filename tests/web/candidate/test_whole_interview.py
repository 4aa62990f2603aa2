"""A person's whole interview: real browser, real service, real embedded model, only the answers are scripted.

`SCREENSHOTS` names a folder to keep pictures of the chat, the report and the recruiter's page in.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.settings import Settings
from evals.performance.service import ServiceProcess

ONE_TURN = 120_000  # milliseconds; a loaded machine reads a reply in half a minute
SECTION = "online-customer-service/motivation"

# For each question of that section, known by a few of its words: the first answer, and one to a follow-up.
ANSWERS = {
    "为什么愿意做这一行": (
        "我愿意做这行，是因为帮人把难题解决掉的那一刻特别满足，前几天有位阿姨的退款卡了半个月，"
        "我给她跑下来了，她连说三声谢谢。当然也承认，天天回答一样的问题会腻，被骂的时候也委屈。"
        "下了班我会去操场慢跑三公里，跑完心就静了。",
        "同样的问题多了，我就自己建了个话术本，每周改一遍，说法不走样，也不会敷衍。",
    ),
    "有哪些特点适合": (
        "我这个人习惯先听别人把话说完再开口。上一份工作里有位客户一口气打了十几行字抱怨，我等他打完才回，"
        "他说终于有人听他讲了。交到我手上的事我会一直盯着，那次我每天去问仓库，直到第三天货补发出去才算完。",
        "系统突然崩过一次，我马上改用表格登记客户的问题，等恢复了再一个个补进去。",
    ),
    "不讲道理": (
        "先让自己冷静下来，不跟着他的火气走。让他把不满都说出来，我不打断。然后问他到底是哪一步让他不满意，"
        "弄清真正的原因。能按政策办的我把条款发给他看，办不到的给他换货或者补券两个办法选。",
        "要是还谈不拢，我会把聊天记录整理好交给主管，第二天再主动告诉客户处理到哪一步了。",
    ),
    "有哪些期待": (
        "我希望同事之间遇到难题能互相搭把手，也希望刚来的时候有系统的产品培训。考核标准最好提前讲清楚，"
        "大家都看得见。我自己愿意先做一件事：把常见问题整理成文档分享给大家。",
        "我也盼着主管每个月跟我聊一次，说说哪里做得好、哪里要改。",
    ),
}


@pytest.fixture
def service(require_weights: Settings, tmp_path: Path) -> Iterator[ServiceProcess]:
    environment = {name: value for name, value in os.environ.items() if name.startswith("INTERVIEWER_MODEL_")}
    with ServiceProcess(tmp_path / "data", environment) as running:
        yield running


@pytest.mark.browser
@pytest.mark.model
@pytest.mark.timeout(1200)
def test_a_candidate_is_interviewed_and_scored_and_a_recruiter_reads_it(
    service: ServiceProcess, browser: Browser
) -> None:
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 860})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    _start(page, service.base_url)
    said = _answer_everything(page)
    assert len(said) >= 3

    page.get_by_role("link", name="报告").click()
    page.wait_for_url("**/report")
    expect(page.locator("mark, q").first).to_be_visible()
    marks = page.locator("mark, q").all_inner_texts()
    assert marks, "no credit shows the candidate's own words"
    assert all(any(mark.strip("“”「」 ") in reply for reply in said) for mark in marks)
    _picture(page, "report", full=True)

    page.goto(f"{service.base_url}/recruiter/login")
    page.locator("[name=name]").fill("recruiter")
    page.locator("[name=password]").fill(service.first_password)
    page.locator("form button.button-primary").click()
    page.wait_for_url("**/recruiter")
    _picture(page, "recruiter-list")
    page.locator("a[href*='/recruiter/interviews/']").first.click()
    for reply in said:
        expect(page.get_by_text(reply[:12]).first).to_be_attached()
    _picture(page, "recruiter-transcript", full=True)
    context.close()
    assert complaints == []


def _start(page: Page, url: str) -> None:
    page.goto(url)
    page.locator(f"label:has(input[name=bank][value='{SECTION.partition('/')[0]}'])").click()
    page.locator(f"label:has(input[name=sections][value='{SECTION}'])").click()
    page.locator("[name=questions]").fill("3")
    page.get_by_role("button", name="开始面试").click()
    page.wait_for_url("**/interviews/*")


def _answer_everything(page: Page) -> list[str]:
    """Answer until the interview ends; all that was said, in order."""
    said: list[str] = []
    answered: dict[str, int] = {}
    asked = ""
    while True:
        page.wait_for_selector("[data-done]:visible, [data-send]:enabled", timeout=ONE_TURN)
        if page.locator("[data-done]").is_visible():
            _picture(page, "chat-end")
            return said
        lines = page.locator("[data-lines] > li")
        newest = lines.last.inner_text()
        asked = next((known for known in ANSWERS if known in newest), asked)
        turn = answered.get(asked, 0)
        answered[asked] = turn + 1
        said.append(ANSWERS[asked][turn])
        before = lines.count()
        page.locator("[data-text]").fill(said[-1])
        if len(said) == 4:
            _picture(page, "chat")
        page.keyboard.press("Enter")
        answer = f"[data-lines] > li:nth-child({before + 2})"
        page.wait_for_selector(f"{answer}, [data-done]:visible", timeout=ONE_TURN)


def _picture(page: Page, name: str, full: bool = False) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=full)
