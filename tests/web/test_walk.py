"""The whole way, as a recruiter and two candidates walk it in their own browsers.

`SCREENSHOTS` names a folder to keep pictures of every screen in.
"""

import csv
import io
import json
import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Watched
from tests.web.desk.templating import invite as invite_by_form
from tests.web.desk.templating import make_template as make_template_by_form
from tests.web.desk.templating import recruiter
from tests.web.desk_walk import (
    add_recruiter,
    choose_both,
    decide,
    invite,
    judge_blind,
    make_template,
    release,
    resolve,
)
from tests.web.house import House
from tests.web.walk import Album, answer, log_in, point_of, saved, wait_for_turn

pytestmark = pytest.mark.browser

APOLOGY = "我会先真诚地向客户道歉"
NUMBER = "请客户把订单号发给我"
LI_BLIND = {(1, "apologise"): "Said", (1, "ask for"): "Said", (1, "refund"): "Not said"}
BO_BLIND = {(n, point): "Said" for n in (1, 2) for point in ("apologise", "ask for", "refund")}
STEPS = [
    "Account added",
    "Template created",
    "Invites created",
    *("Invite used", "Invite used"),
    *("Blind review begun", "Blind review finished", "Verdict overridden"),
    *("Blind review begun", "Blind review finished"),
    "Report released",
    "Verdict disputed",
    "Dispute resolved",
    *("List of interviews exported",) * 3,
    "Interview data exported",
    "Interview deleted",
]


@pytest.fixture
def album() -> Album:
    wanted = os.environ.get("SCREENSHOTS")
    if not wanted:
        return Album(None)
    Path(wanted).mkdir(parents=True, exist_ok=True)
    return Album(Path(wanted))


def hold_li(page: Page, link: str, album: Album) -> str:
    """李小明's interview on a phone, in Chinese: an answer, a follow-up, a skip; its id."""
    page.goto(link)
    expect(page.get_by_text("青竹科技邀请您参加面试")).to_be_visible()
    expect(page.get_by_label("您的姓名")).to_have_value("李小明")
    album.take(page, "invitation-360")
    page.get_by_label("我已了解").check()
    page.get_by_role("button", name="开始面试").click()
    page.wait_for_url("**/interviews/*")
    wait_for_turn(page)
    album.take(page, "chat-360")
    answer(page, APOLOGY)
    expect(page.get_by_text("追问", exact=True)).to_be_visible()
    answer(page, NUMBER)
    expect(page.get_by_text("第 2 题，共 2 题")).to_be_visible()
    album.take(page, "chat-360-second")
    page.get_by_role("button", name="跳过这题").click()
    expect(page.get_by_role("heading", name="面试结束")).to_be_visible()
    album.take(page, "chat-360-end")
    page.get_by_role("link", name="接下来会怎样").click()
    expect(page.get_by_role("heading", name="面试已经结束，谢谢您的时间")).to_be_visible()
    expect(page.get_by_text(APOLOGY)).to_be_visible()
    album.take(page, "after-360")
    return page.url.split("/")[-2]


def hold_bo(page: Page, link: str, album: Album) -> None:
    """Bo's interview at a desk, in English."""
    page.goto(link)
    album.take(page, "invitation-1280")
    page.get_by_label("I have read what is recorded").check()
    page.get_by_role("button", name="Begin the interview").click()
    page.wait_for_url("**/interviews/*")
    wait_for_turn(page)
    while page.locator("[data-done]").is_hidden():
        answer(page, "I apologise to her, then I ask for the number, I refund it")
    album.take(page, "chat-1280-end")
    page.get_by_role("link", name="What happens next").click()
    expect(page.get_by_role("heading", name="The interview is over, thank you for your time")).to_be_visible()
    album.take(page, "after-1280")


def dispute(page: Page, album: Album) -> None:
    """李小明 sees her report and disputes a point."""
    page.reload()
    expect(page.get_by_role("img", name="总得分 4 / 12")).to_be_visible()
    album.take(page, "report-360")
    refund = point_of(page, 1, "offer a refund")
    refund.get_by_text("对这一点有异议").click()
    refund.get_by_label("您认为哪里判断得不对？").fill("我在追问里说过会退款，请再看一看。")
    refund.get_by_role("button", name="提出异议").click()
    expect(point_of(page, 1, "offer a refund")).to_contain_text("异议待复核")
    album.take(page, "report-disputed-360")


def check_exports(desk: Page, li_id: str) -> None:
    """All three files hold both candidates as the pages do, and no cell that a spreadsheet would run."""
    desk.get_by_role("link", name="Interviews", exact=True).click()
    button = desk.get_by_role("button", name="Export")
    table = list(csv.DictReader(io.StringIO(saved(desk, button).decode("utf-8-sig"))))
    by_name = {row["Candidate"]: row for row in table}
    assert {name: (float(row["Score"]), float(row["Maximum"])) for name, row in by_name.items()} == {
        "李小明": (6, 12),
        "Bo Example": (8, 12),
    }
    assert by_name["Bo Example"]["Reference"] == "B-18"
    desk.get_by_label("Format").select_option("Excel table")
    sheet = openpyxl.load_workbook(io.BytesIO(saved(desk, button))).worksheets[0]
    rows = list(sheet.iter_rows())
    assert {row[1].value for row in rows[1:]} == {"李小明", "Bo Example"}
    for cell in [*(cell.value for row in rows for cell in row), *(v for row in table for v in row.values())]:
        assert not str(cell).startswith(("=", "+", "-", "@"))
    desk.get_by_label("Format").select_option("JSONL with transcripts and scores")
    records = {one["id"]: one for one in map(json.loads, saved(desk, button).decode().splitlines())}
    assert len(records) == 2
    assert APOLOGY in [line["text"] for line in records[li_id]["transcript"]]
    assert ("Lin", 1.0, "She asks for it in the follow-up.") in [
        (each["author"], each["credit"], each["reason"]) for each in records[li_id]["overrides"]
    ]


def take_everything_and_delete(page: Page, album: Album) -> None:
    """李小明 takes her record with her and deletes all of it."""
    page.get_by_role("link", name="我的数据").click()
    album.take(page, "me-360")
    record = zipfile.ZipFile(io.BytesIO(saved(page, page.get_by_role("link", name="全部下载"))))
    told = "".join(record.read(name).decode() for name in record.namelist())
    for said in ("李小明", APOLOGY, "您说得对。"):
        assert said in told
    page.get_by_role("link", name="全部删除").click()
    album.take(page, "delete-360")
    page.get_by_role("button", name="彻底删除 1 场面试").click()
    expect(page.get_by_role("status")).to_contain_text("已经全部删除")
    album.take(page, "deleted-360")


def check_forgotten(desk: Page, house: House, li_id: str, album: Album) -> None:
    """The recruiter finds nothing of 李小明 any more."""
    for words in ("道歉", "李小明", li_id[:8]):
        desk.goto(f"{house.url}/recruiter")
        desk.get_by_role("searchbox").fill(words)
        desk.get_by_role("button", name="Search").click()
        expect(desk.get_by_text("No interview matches")).to_be_visible()
    album.take(desk, "list-forgotten")
    for path in ("", "/release", "/questions/1/history"):
        assert desk.request.get(f"{house.url}/recruiter/interviews/{li_id}{path}").status == 404
    desk.get_by_role("link", name="Templates").click()
    desk.get_by_role("link", name=re.compile("^Invites.*客服专员")).click()
    expect(desk.get_by_role("row").filter(has_text="Bo Example")).to_have_count(1)
    expect(desk.get_by_role("row").filter(has_text="Deleted with everything")).to_have_count(1)
    expect(desk.get_by_text("李小明")).to_have_count(0)
    album.take(desk, "invites-forgotten")


def check_log(owner: Page, house: House, album: Album) -> None:
    """The owner reads every step, in order, and no name of a candidate."""
    owner.goto(f"{house.url}/recruiter/people")
    owner.get_by_role("link", name="Audit log").click()
    owner.wait_for_url("**/recruiter/audit")
    album.take(owner, "audit")
    rows = owner.get_by_role("row").all()[1:]
    told = [row.get_by_role("cell").nth(2).inner_text().partition("\n")[0].strip() for row in rows]
    steps = iter(told[::-1])
    assert [step for step in STEPS if step not in steps] == []
    expect(owner.get_by_text("李小明")).to_have_count(0)


def test_the_whole_way(windows: Watched, house: House, album: Album) -> None:
    owner = log_in(windows, house)
    desk = log_in(windows, house, "Lin", add_recruiter(owner, house))
    make_template(desk, house, album)
    li_link, bo_link = invite(desk, album)
    li = windows(locale="zh-CN", width=360)
    li_id = hold_li(li, li_link, album)
    hold_bo(windows(), bo_link, album)

    desk.get_by_role("link", name="Interviews", exact=True).click()
    expect(desk.get_by_role("link", name="Blind review", exact=True)).to_have_count(2)
    expect(desk.get_by_text("李小明")).to_have_count(0)
    album.take(desk, "list-hidden")
    desk.get_by_role("row").filter(has_text=li_id[:8]).get_by_role("link").click()
    judge_blind(desk, LI_BLIND, album)
    expect(desk.get_by_role("heading", level=1)).to_have_text("李小明")
    album.take(desk, "transcript")
    number = point_of(desk, 1, "ask for the order number")
    expect(number).to_contain_text("Partly said")
    expect(number).to_contain_text("Your blind verdict: Said")
    decide(number, "Said", "She asks for it in the follow-up.")
    expect(number).to_contain_text("Decided by a person")
    album.take(desk, "transcript-overridden")

    choose_both(desk)
    expect(desk.get_by_text("Hidden until you have judged this interview blind").first).to_be_visible()
    album.take(desk, "compare-hidden")
    desk.get_by_role("link", name="Judge it now").click()
    judge_blind(desk, BO_BLIND, album)
    choose_both(desk)
    totals = desk.get_by_role("region", name="Totals")
    expect(totals.get_by_role("row", name=re.compile("^李小明"))).to_contain_text("4 / 12")
    expect(totals.get_by_role("row", name=re.compile("^Bo Example"))).to_contain_text("8 / 12")
    album.take(desk, "compare")

    release(desk, f"{house.url}/recruiter/interviews/{li_id}", APOLOGY, album)
    dispute(li, album)
    desk.get_by_role("link", name="Interviews", exact=True).click()
    expect(desk.get_by_role("row").nth(1)).to_contain_text("1 disputed")
    album.take(desk, "list-disputed")
    desk.get_by_role("link", name="李小明", exact=True).click()
    desk.get_by_role("link", name="Next point to review").click()
    resolve(point_of(desk, 1, "offer a refund"), "Upheld, change to “Said”", "您说得对。")
    album.take(desk, "transcript-resolved")
    li.reload()
    settled = point_of(li, 1, "offer a refund")
    for said in ("异议成立", "您说得对。", "由人判定"):
        expect(settled).to_contain_text(said)
    expect(li.get_by_role("img", name="总得分 6 / 12")).to_be_visible()
    album.take(li, "report-upheld-360")

    check_exports(desk, li_id)
    desk.get_by_role("link", name="Trust").click()
    expect(desk.get_by_role("region", name="People and scorer")).to_contain_text("9 of at least")
    album.take(desk, "trust")
    take_everything_and_delete(li, album)
    check_forgotten(desk, house, li_id, album)
    check_log(owner, house, album)


def test_a_candidate_gets_as_far_as_possible_without_scripts(
    windows: Watched, house: House, album: Album
) -> None:
    with recruiter(house) as client:
        link = invite_by_form(client, make_template_by_form(client, follow_ups="0"), "Ada Example")
        plain = windows(scripts=False)
        plain.goto(f"{house.url}{link}")
        plain.get_by_label("I have read what is recorded").check()
        plain.get_by_role("button", name="Begin the interview").click()
        # Looking for texts passes what stands in a noscript over.
        expect(plain.locator("noscript p")).to_contain_text("The conversation needs JavaScript")
        expect(plain.get_by_role("textbox")).to_have_count(0)
        album.take(plain, "chat-without-scripts")
        chat = plain.url.partition("?")[0]
        interview_id = chat.rpartition("/")[2]

        scripted = windows()
        scripted.context.add_cookies(plain.context.cookies())  # type: ignore[arg-type]
        scripted.goto(chat)
        wait_for_turn(scripted)
        while scripted.locator("[data-done]").is_hidden():
            answer(scripted, "I apologise to her, then I ask for the number")

        plain.goto(f"{chat}/report")
        expect(plain.get_by_role("heading", name="The interview is over")).to_be_visible()
        album.take(plain, "after-without-scripts")
        released = client.post(f"/recruiter/interviews/{interview_id}/release", data={"released": "true"})
        assert released.status_code == 303
        plain.reload()
        refund = point_of(plain, 1, "offer a refund")
        refund.get_by_text("Dispute this point").click()
        refund.get_by_label("What was judged wrongly?").fill("A refund was offered on the phone.")
        refund.get_by_role("button", name="Send the dispute").click()
        expect(point_of(plain, 1, "offer a refund")).to_contain_text("Waiting for review")
        album.take(plain, "report-without-scripts")

        plain.get_by_role("link", name="Your data").click()
        plain.get_by_role("link", name="Delete everything").click()
        plain.get_by_role("button", name="Delete 1 interview for good").click()
        expect(plain.get_by_role("status")).to_contain_text("Everything is deleted")
        album.take(plain, "deleted-without-scripts")
        assert client.get(f"/recruiter/interviews/{interview_id}").status_code == 404
