"""What a recruiter has done at the desk, done through its own pages."""

import re
from dataclasses import dataclass, field

from httpx import Client, Response
from sqlalchemy import select

from app.db.engine import Database
from app.db.tables import Invite, now
from app.settings import PROJECT_DIR
from tests.web.banks.banking import DAMAGED, import_draft
from tests.web.desk.reviewing import in_database
from tests.web.desk.templating import new_links
from tests.web.house import House

TEMPLATES = "/recruiter/templates"
_SPECIALIST = "customer-service-specialist"
_TEMPLATE = {
    "name": "在线客服 · 春季社招",
    "organisation": "青竹家居",
    "intro": "感谢您应聘青竹家居的在线客服。整场面试约半小时，请找一个安静的地方，用您平时的方式作答。",
    "minutes": "40",
    "follow_ups": "1",
    "mode": "assessment",
    "drawing": "same",
    "follow_up_style": "standard",
    "sees": "points",
    "retention_days": "180",
    "link_days": "14",
    "language": "",
    "parts.online-customer-service.motivation": "2",
    "parts.customer-service-specialist": "3",
}
_OTHER = {"name": "电话客服 · 校招", "drawing": "stratified", "sees": "scores", "blind": "yes", "intro": ""}
GUESTS = """姓名,邮箱,编号
林悦,linyue@mail.example,QZ-2031
周安然,zhouanran@mail.example,QZ-2032
何澜,helan@mail.example,QZ-2033
徐北辰,xubeichen@mail.example,QZ-2034
"""
DOUBTFUL_GUESTS = f"""{GUESTS}许知夏,xuzhixia@mail.example,QZ-2040
,no-name@mail.example,QZ-2041
方一诺,fangyinuo@@mail,QZ-2042
顾言,guyan@mail.example,QZ-2043
"""
# What the bank's next versions say otherwise, one after the other.
_EDITS = (
    ("请讲一件您处理得比较成功的客户投诉", "请讲一件由您独立处理、结果比较成功的客户投诉"),
    ("difficulty: medium", "difficulty: hard"),
    ("看能否完整还原", "看能否按先后顺序完整还原"),
)


@dataclass
class DeskWork:
    """Where things are: paths, and links to the invitation by their state."""

    template: str = ""
    links: dict[str, str] = field(default_factory=dict)
    damaged_draft: str = ""
    next_draft: str = ""
    published: str = ""
    question: str = ""
    run: str = ""

    def review(self, client: Client, ids: dict[str, str]) -> None:
        """Judge, comment, release and score again some of the interviews."""
        disputed = f"/recruiter/interviews/{ids['disputed']}"
        verdict = {"credit": "1", "reason": "第二句已经说到核实订单，只是没用这个词。"}
        seen = _seen(client.get(disputed).text, "q2-p2")
        _done(client.post(f"{disputed}/questions/2/points/p2/verdict", data=verdict | seen))
        for about in ({}, {"number": "1"}):
            comment = {"text": "整体思路清楚，复试时请追问一次补偿的边界。"} | about
            _done(client.post(f"{disputed}/comments", data=comment))
        released = f"/recruiter/interviews/{ids['released']}"
        _done(client.post(f"{released}/reviewed", data={"reviewed": "true"}))
        _done(client.post(f"{released}/release", data={"released": "true"}))
        _done(client.post(f"/recruiter/interviews/{ids['judged_blind']}/blind"))
        run = client.post("/recruiter/rescoring", data={"ids": [ids["disputed"], ids["released"]]})
        self.run = _done(run).headers["location"]


def work_at_the_desk(client: Client, house: House) -> DeskWork:
    """Make accounts, banks, templates and invites."""
    work = DeskWork()
    for name in ("王敏", "赵一鸣"):
        _done(client.post("/recruiter/people/accounts", data={"name": name, "role": "recruiter"}))
    work.damaged_draft = import_draft(client, DAMAGED, "客服面试题（门店整理）.txt")
    bank = (PROJECT_DIR / "knowledge" / f"{_SPECIALIST}.yaml").read_text("utf-8")
    work.published = import_draft(client, _edited(bank, 2), f"{_SPECIALIST}.yaml")
    revision = re.search(r'name="revision" value="(\d+)"', client.get(f"{work.published}/publish").text)
    onto = re.search(r'name="onto" value="([^"]*)"', client.get(f"{work.published}/publish").text)
    assert revision, "the draft can't be published"
    sent = {"revision": revision[1], "onto": onto[1] if onto else ""}
    _done(client.post(f"{work.published}/publish", data=sent))
    work.next_draft = import_draft(client, _edited(bank, 3), f"{_SPECIALIST}.yaml")
    found = re.search(r'id="open-([\w-]+)"', client.get(work.damaged_draft).text)
    assert found
    work.question = found[1]

    work.template = _made(client, {})
    archived = _made(client, _OTHER | {"name": "在线客服 · 去年"})
    _made(client, _OTHER)
    _done(client.post(f"{archived}/archive"))
    _invite(client, house, work)
    return work


def _invite(client: Client, house: House, work: DeskWork) -> None:
    invites = f"{work.template}/invites"
    shown = client.post(f"{invites}/import", data={"list": GUESTS, "batch": "0123456789abcdef"})
    names = ("open", "used", "expired", "revoked")
    work.links = dict(zip(names, new_links(shown), strict=True))
    with Client(base_url=client.base_url, timeout=60) as guest:
        guest.get(work.links["used"])
        _done(guest.post(work.links["used"], data={"name": "周安然", "consent": "true"}))

    async def expire(database: Database) -> str:
        async with database.session() as session:
            by_name = {invite.name: invite for invite in await session.scalars(select(Invite))}
            by_name["何澜"].expires_at = now()
            return by_name["徐北辰"].id

    _done(client.post(f"{invites}/{in_database(house, expire)}/revoke"))


def _made(client: Client, changes: dict[str, str]) -> str:
    return _done(client.post(TEMPLATES, data=_TEMPLATE | changes)).headers["location"].partition("?")[0]


def _edited(bank: str, edits: int) -> str:
    for old, new in _EDITS[:edits]:
        assert old in bank
        bank = bank.replace(old, new, 1)
    return bank


def _seen(page: str, point: str) -> dict[str, str]:
    """The hidden fields of a point's form."""
    form = page[page.index(f'id="point-{point}"') :]
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', form) for name in ("seen", "mark")}
    return {name: value[1] for name, value in found.items() if value}


def _done(answer: Response) -> Response:
    assert answer.status_code < 400, f"{answer.request.url}: {answer.status_code} {answer.text[:2000]}"
    return answer
