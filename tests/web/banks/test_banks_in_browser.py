import asyncio
import re
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.authoring.proposals import Proposer
from app.documents.draft import Draft, DraftPoint
from app.documents.importing import import_document
from tests.web.banks.banking import (
    DAMAGED,
    NAME,
    RIGHT,
    add_point,
    import_in,
    publish,
    save,
    settle_doubts,
    unfold,
)
from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.screens.audit import findings_in_every_look
from tests.web.walk import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(windows: Watched, house: House) -> Page:
    """A window of an English recruiter who has logged in."""
    return log_in(windows, house)


def test_a_damaged_document_is_corrected_published_and_asked_from(desk: Page, house: House) -> None:
    import_in(desk, house)
    expect(desk.locator("h1")).to_have_text("客服岗位面试题库")
    card = desk.locator(".doubt")
    expect(card).to_have_count(1)
    expect(card.locator("mark.was").first).to_be_visible()
    wording = card.locator("[name=text]")
    wording.fill(re.sub("給出補償.*", RIGHT, wording.input_value()).replace(RIGHT, "给出补偿等。最后跟进回"))
    card.locator("[value=mine]").click()
    expect(card).to_have_count(0)
    unfold(desk, "q2")
    expect(desk.locator("#edit-q2 [name=point_text]").nth(1)).to_have_value(re.compile("给出补偿等。"))
    desk.click("#edit-q2 [data-close]")
    expect(desk.locator(".go")).to_contain_text("1 question is left out")
    unfold(desk, "q3")
    add_point(desk, "q3", "喜欢帮助别人")
    save(desk, "q3")
    expect(desk.locator(".go")).to_contain_text("Every question can be published")
    publish(desk)
    desk.click("text=Start an interview")
    chosen = desk.locator(".bank-card:has(:checked)")
    expect(chosen).to_contain_text("客服岗位面试题库")
    expect(chosen).to_contain_text("3 questions")


def test_points_are_added_moved_and_removed_and_saved_by_keyboard(desk: Page, house: House) -> None:
    import_in(desk, house)
    unfold(desk, "q1")
    add_point(desk, "q1", "给出方案")
    points = desk.locator("#edit-q1 [name=point_text]")
    desk.click("#edit-q1 [value=up-2]")
    expect(points.nth(1)).to_have_value("给出方案")
    expect(desk.locator("#edit-q1 [value=up-1]")).to_be_focused()
    desk.press("#edit-q1 [value=up-1]", "Enter")
    expect(points.nth(0)).to_have_value("给出方案")
    expect(points.nth(0)).to_be_focused()
    desk.click("#edit-q1 [value=remove-2]")
    expect(points).to_have_count(2)
    expect(desk.locator("[data-unsaved]")).to_be_visible()
    points.nth(0).press("Control+Enter")
    expect(desk.locator("#row-q1")).to_contain_text("2 points")
    expect(desk.locator("#open-q1")).to_be_focused()
    unfold(desk, "q1")
    assert [field.input_value() for field in points.all()] == ["给出方案", "先向客户致歉"]


def test_two_recruiters_at_one_question_lose_nothing(windows: Watched, house: House) -> None:
    mine, theirs = log_in(windows, house), log_in(windows, house)
    address = import_in(mine, house)
    theirs.goto(address)
    for page, text in ((mine, "Mine?"), (theirs, "Theirs?")):
        unfold(page, "q1")
        page.fill("#text-q1", text)
    save(theirs, "q1")
    mine.click("#edit-q1 .save-bar [value=save]")
    notice = mine.locator("#edit-q1 .notice-caution")
    expect(notice).to_contain_text("Someone else changed this")
    expect(notice).to_contain_text("Theirs?")
    expect(notice).to_contain_text("Mine?")
    expect(mine.locator("#text-q1")).to_have_value("Mine?")
    save(mine, "q1")
    expect(mine.locator("#row-q1")).to_contain_text("Mine?")
    windows.forgive("status of 409")


def test_two_recruiters_at_two_questions_do_not_disturb_each_other(windows: Watched, house: House) -> None:
    mine, theirs = log_in(windows, house), log_in(windows, house)
    address = import_in(mine, house)
    theirs.goto(address)
    for page, key in ((mine, "q1"), (theirs, "q2")):
        unfold(page, key)
        page.fill(f"#text-{key}", f"New {key}?")
    save(theirs, "q2")
    save(mine, "q1")
    mine.reload()
    expect(mine.locator("#row-q1")).to_contain_text("New q1?")
    expect(mine.locator("#row-q2")).to_contain_text("New q2?")


def test_changes_that_are_not_saved_are_not_lost_by_a_slip(desk: Page, house: House) -> None:
    import_in(desk, house)
    unfold(desk, "q1")
    desk.fill("#text-q1", "Half a thought")
    desk.once("dialog", lambda dialog: dialog.dismiss())
    desk.click("#edit-q1 [data-close]")
    expect(desk.locator("#text-q1")).to_have_value("Half a thought")
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.click("#edit-q1 [data-close]")
    expect(desk.locator("#row-q1")).to_contain_text("包裹破损")


def test_an_expired_log_in_takes_nothing_that_was_typed(windows: Watched, desk: Page, house: House) -> None:
    import_in(desk, house)
    unfold(desk, "q1")
    desk.fill("#text-q1", "A long thought")
    desk.context.clear_cookies()
    desk.click("#edit-q1 .save-bar [value=save]")
    expect(desk.locator("#notices")).to_contain_text("Your log-in has expired")
    expect(desk.locator("#text-q1")).to_have_value("A long thought")
    desk.context.add_cookies(log_in(windows, house).context.cookies())  # type: ignore[arg-type]
    save(desk, "q1")
    windows.forgive("status of 401")


def test_a_file_that_can_not_be_read_is_explained_in_place(windows: Watched, house: House) -> None:
    desk = log_in(lambda: windows(locale="zh-CN"), house)
    desk.goto(f"{house.url}/recruiter/banks")
    desk.set_input_files("#file", {"name": "blank.txt", "mimeType": "text/plain", "buffer": b" \n "})
    expect(desk.locator("#upload-problem")).to_contain_text("这份文件里没有文字")
    expect(desk.locator("#upload-problem")).to_contain_text("请确认选对了文件")
    desk.set_input_files("#file", {"name": NAME, "mimeType": "text/plain", "buffer": DAMAGED.encode()})
    desk.wait_for_url("**/recruiter/drafts/*")
    windows.forgive("status of 422")


def test_a_file_above_the_limit_is_not_even_sent(desk: Page, house: House, tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 20_000_001)
    desk.goto(f"{house.url}/recruiter/banks")
    desk.set_input_files("#file", large)
    expect(desk.locator("#upload-problem")).to_contain_text("larger than 20 MB")


def test_a_document_of_several_megabytes_is_sent_with_progress(
    desk: Page, house: House, tmp_path: Path
) -> None:
    large = tmp_path / "large.txt"
    large.write_text(DAMAGED + "背景材料。\n" * 200_000, encoding="utf-8")
    go_on = threading.Event()

    def read_when_told(name: str, content: bytes) -> Draft:
        assert go_on.wait(60)
        return import_document(name, content)

    house.importer = read_when_told
    desk.goto(f"{house.url}/recruiter/banks")
    desk.set_input_files("#file", large)
    expect(desk.locator("[data-upload-state]")).to_contain_text("Reading the document")
    go_on.set()
    desk.wait_for_url("**/recruiter/drafts/*")


def test_points_are_proposed_with_progress(desk: Page, house: House) -> None:
    go_on = threading.Event()
    house.proposer = proposing(go_on)
    import_in(desk, house)
    desk.click("#propose")
    expect(desk.locator("#job progress")).to_be_visible()
    go_on.set()
    expect(desk.locator("#job")).to_contain_text("Points were proposed")
    expect(desk.locator("#chips")).to_contain_text("Proposed automatically 1")
    desk.click("text=Show those proposed automatically")
    expect(desk.locator(".question")).to_have_count(1)
    expect(desk.locator("#row-q3")).to_contain_text("1 proposed automatically")


def proposing(go_on: threading.Event) -> Proposer:
    """Proposes one point for each question that has none, as soon as the test says so."""

    async def propose(draft: Draft, *_: object) -> Draft:
        while not go_on.is_set():
            await asyncio.sleep(0.02)
        for _section, question in draft.questions():
            if not question.points:
                question.points = [DraftPoint(text="喜欢帮助别人", proposed=True)]
        return draft

    return propose


def test_a_search_can_be_tried(desk: Page, house: House) -> None:
    desk.goto(f"{house.url}/recruiter/banks")
    desk.fill("#q", "late parcel")
    desk.press("#q", "Enter")
    first = desk.locator(".hit-row").first
    expect(first).to_contain_text("late parcel")
    expect(first).to_contain_text("3 points")
    first.locator("a").click()
    expect(desk.locator(".bank-question [open]")).to_contain_text("apologise")


def test_a_version_is_compared_and_brought_back(desk: Page, house: House) -> None:
    for number, word in enumerate(("first", "second")):
        import_in(desk, house, DAMAGED.replace("客服岗位", "仓库岗位"), "stock.txt")
        settle_doubts(desk)
        if number:
            unfold(desk, "q1")
            add_point(desk, "q1", word)
            save(desk, "q1")
        publish(desk)
    desk.click("text=See the bank")
    desk.click("text=Compare >> nth=0")
    expect(desk.locator(".diff ins")).to_have_text(["second"])
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.click("text=Restore")
    expect(desk.locator("#notices")).to_contain_text("published as version 1.2.0")


def test_the_review_works_without_scripts(windows: Watched, desk: Page, house: House, tmp_path: Path) -> None:
    plain = windows(scripts=False)
    plain.context.add_cookies(desk.context.cookies())  # type: ignore[arg-type]
    document = tmp_path / NAME
    document.write_text(DAMAGED, encoding="utf-8")
    plain.goto(f"{house.url}/recruiter/banks")
    plain.set_input_files("#file", document)
    plain.click("[data-upload] [data-send]")
    plain.wait_for_url("**/recruiter/drafts/*")
    plain.click(".doubt [value=keep]")
    expect(plain.locator(".doubt")).to_have_count(0)
    plain.click("#open-q3")
    plain.click("#edit-q3 [value=add]")
    plain.fill("#edit-q3 [name=point_text]", "喜欢帮助别人")
    plain.click("#edit-q3 .save-bar [value=save]")
    expect(plain.locator("#row-q3")).to_contain_text("1 point")
    plain.click(".go .button-primary")
    expect(plain.locator(".publish")).to_contain_text("3 questions will be published")


numbers = count(1)


def walk_banks(desk: Page, house: House, look: Callable[[str], None]) -> None:
    """Every screen of the banks, one after the other."""
    desk.goto(f"{house.url}/recruiter/banks?q=late+parcel")
    look("banks")
    name = f"bank-{next(numbers)}"
    address = import_in(desk, house, DAMAGED.replace("客服岗位", name), f"{name}.txt")
    look("review")
    unfold(desk, "q2")
    look("editor")
    desk.click("#edit-q2 [data-close]")
    desk.click("#target summary")
    look("details")
    settle_doubts(desk)
    look("settled review")
    desk.goto(f"{address}/publish")
    look("publish")
    desk.goto(address)
    publish(desk)
    look("published")
    desk.goto(f"{house.url}/recruiter/banks/tiny?question=tiny.q2")
    look("bank")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_screen_of_the_banks_fits_its_window_and_passes_the_audit(
    windows: Watched, house: House, locale: str
) -> None:
    desk = log_in(lambda: windows(locale=locale), house)
    problems: list[str] = []

    def audit(screen: str) -> None:
        problems.extend(f"{screen}, {found}" for found in findings_in_every_look(desk))

    walk_banks(desk, house, audit)
    assert problems == []
