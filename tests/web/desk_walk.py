"""What recruiters do at their desk, as steps of a walk."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.web.house import House
from tests.web.walk import Album, point_of

GUESTS = (
    "姓名,邮箱,编号\n李小明,li@example.org,A-17\n王芳,wang@@example,A-18\nBo Example,bo@example.org,B-18\n"
)


def add_recruiter(owner: Page, house: House) -> str:
    """The owner gives a colleague an account; its password."""
    owner.goto(f"{house.url}/recruiter/people")
    owner.get_by_label("Name", exact=True).fill("Lin")
    owner.get_by_role("button", name="Add an account").click()
    issued = owner.get_by_role("status").filter(has_text="New password of Lin")
    return issued.get_by_role("code").inner_text()


def make_template(desk: Page, house: House, album: Album) -> None:
    """Two questions of the tiny bank, judged blind, every point shown after the release."""
    desk.get_by_role("link", name="Templates").click()
    desk.get_by_role("link", name="New template").first.click()
    desk.get_by_label("Name", exact=True).fill("客服专员")
    desk.get_by_label("Organisation").fill("青竹科技")
    desk.get_by_label("Questions from The only section").fill("2")
    desk.get_by_label("Follow-ups a question, at most").fill("1")
    desk.get_by_role("radio", name="Every point and its quotes").check()
    desk.get_by_role("switch", name="Blind review").check()
    album.take(desk, "template-new")
    desk.get_by_role("button", name="Create the template").click()
    expect(desk.get_by_role("status")).to_contain_text("The template is ready")
    expect(desk.get_by_role("complementary").get_by_role("listitem")).to_have_count(2)
    album.take(desk, "template")


def invite(desk: Page, album: Album) -> list[str]:
    """Invite by a list with a bad row; the two links."""
    desk.get_by_role("link", name="Invites").click()
    file = {"name": "guests.csv", "mimeType": "text/csv", "buffer": GUESTS.encode("gb18030")}
    desk.get_by_label("A CSV file").set_input_files([file])
    album.take(desk, "invites")
    desk.get_by_role("button", name="Look it over").click()
    bad = desk.get_by_role("region", name="1 row can't be used")
    expect(bad.get_by_role("row").nth(1)).to_contain_text("This is no e-mail address")
    expect(bad.get_by_role("row").nth(1)).to_contain_text("王芳")
    album.take(desk, "invites-preview")
    desk.get_by_role("button", name="Invite 2 people").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("2 links are ready")
    album.take(desk, "invites-links")
    links = desk.get_by_label("All links, one a line").input_value()
    return re.findall(r"http\S+/i/\S+", links)


def judge_blind(desk: Page, verdicts: dict[tuple[int, str], str], album: Album) -> None:
    """Judge each point from the conversation alone, then see the scorer's verdicts."""
    expect(desk.get_by_text("You are reviewing blind")).to_be_visible()
    album.take(desk, "blind")
    for (question, point), verdict in verdicts.items():
        button = point_of(desk, question, point).get_by_role("button", name=verdict, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
    desk.get_by_role("button", name="Finish and see the scores").click()
    expect(desk.get_by_text("Blind review finished")).to_be_visible()


def decide(point: Locator, verdict: str, reason: str) -> None:
    """Change the verdict on a point."""
    point.get_by_text("Change verdict").click()
    point.get_by_role("radio", name=verdict, exact=True).check()
    point.get_by_label("Reason (required)").fill(reason)
    point.get_by_role("button", name="Save verdict").click()


def resolve(point: Locator, outcome: str, words: str) -> None:
    """Settle the candidate's dispute of a point."""
    point.get_by_text("Resolve the dispute").click()
    point.get_by_role("radio", name=outcome).check()
    point.get_by_label("Answer to the candidate (required)").fill(words)
    point.get_by_role("button", name="Resolve", exact=True).click()
    expect(point).to_contain_text("Dispute upheld")


def release(desk: Page, address: str, quoted: str, album: Album) -> None:
    """Release a report after a look at what the candidate will see."""
    desk.goto(address)
    desk.get_by_role("link", name="Release to the candidate").click()
    expect(desk.get_by_role("region", name="Preview")).to_contain_text(quoted)
    album.take(desk, "release")
    desk.get_by_role("button", name="Release to the candidate").click()
    expect(desk.get_by_text("Released")).to_be_visible()


def choose_both(desk: Page) -> None:
    """Compare the two candidates of the list."""
    desk.get_by_role("link", name="Interviews", exact=True).click()
    boxes = desk.get_by_role("checkbox", name=re.compile("^Select (?!this)"))
    expect(boxes).to_have_count(2)
    for place in range(2):
        boxes.nth(place).check()
    desk.get_by_role("button", name="Compare").click()
