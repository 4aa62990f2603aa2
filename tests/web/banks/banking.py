"""What a recruiter does with documents and banks, as steps for the tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from httpx import Client, Response
from playwright.sync_api import Page, expect

from tests.web.house import House

# Line 12 holds a run shifted by one byte whose end can't be told for sure.
DAMAGED = """客服岗位面试题库

一、情境应对
1. 客户收到的包裹破损了，您会怎么处理？（8分）
答案要点：
（1）先向客户致歉
（2）核对订单与照片

2. 遇到情绪激动的客户，您会怎样安抚？（8分）
答案要点：
（1）先倾听，再道歉
（2）給出補償?shù)?。最后跟進回访

二、职业动机
3. 您为什么选择在线客服这份工作？
答案：因为喜欢帮助别人。
"""
NAME = "questions.txt"
RIGHT = "给出补偿等。最后跟进回访"


@contextmanager
def recruiter(house: House, language: str = "en") -> Iterator[Client]:
    """A client that has logged in."""
    with Client(base_url=house.url, timeout=60, headers={"accept-language": language}) as client:
        log_in = {"name": "recruiter", "password": house.password}
        assert client.post("/recruiter/login", data=log_in).status_code == 303
        yield client


def send(client: Client, content: bytes | str, name: str = NAME, **headers: str) -> Response:
    """Post a document to the import."""
    raw = content.encode() if isinstance(content, str) else content
    return client.post("/recruiter/banks/import", files={"file": (name, raw)}, headers=headers)


def import_draft(client: Client, content: str = DAMAGED, name: str = NAME) -> str:
    """Import a document; the address of its review."""
    answer = send(client, content, name)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def hidden(page: str, name: str, after: str = "") -> str:
    """The value of the first hidden field of that name behind some text."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page[page.index(after) :])
    assert found is not None
    return found[1]


def import_in(page: Page, house: House, content: str = DAMAGED, name: str = NAME) -> str:
    """Choose a file in the browser and wait for its review; its address."""
    page.goto(f"{house.url}/recruiter/banks")
    page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": content.encode()})
    page.wait_for_url("**/recruiter/drafts/*")
    return page.url


def unfold(page: Page, key: str) -> None:
    """Open a question's editor."""
    page.click(f"#open-{key}")
    page.wait_for_selector(f"#edit-{key}")


def add_point(page: Page, key: str, text: str) -> None:
    """Add a point at the end of an open editor's list."""
    points = page.locator(f"#edit-{key} [name=point_text]")
    count = points.count()
    page.click(f"#edit-{key} [value=add]")
    expect(points).to_have_count(count + 1)
    points.nth(count).fill(text)


def save(page: Page, key: str) -> None:
    """Save an open editor and wait until it is folded up."""
    page.click(f"#edit-{key} .save-bar [value=save]")
    page.wait_for_selector(f"#row-{key}")


def settle_doubts(page: Page) -> None:
    """Keep every doubtful repair."""
    doubts = page.locator(".doubt")
    while count := doubts.count():
        page.click(".doubt [value=keep] >> nth=0")
        expect(doubts).to_have_count(count - 1)


def publish(page: Page) -> None:
    """Publish the draft that is shown and wait until it serves."""
    page.click(".go .button-primary")
    page.click(".publish .button-primary")
    page.wait_for_url("**/published")
    page.wait_for_selector(".publish-done .button-primary")
