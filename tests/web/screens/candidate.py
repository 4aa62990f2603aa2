"""What candidates see."""

from collections.abc import Callable

from playwright.sync_api import Page

from app.llm.base import LLMStatus
from tests.web.screens.furnished import Furnished
from tests.web.screens.screen import REFUSED, Screen, at, pressing
from tests.web.walk import answer, wait_for_turn

REPLY = (
    "我会先跟客户说声抱歉，让他把话说完，再核对订单和物流记录。"
    "确认是我们这边的问题之后，当场给出补发或者退款两个选择，并约好明天上午十点前回电。"
)
_CHAT = "candidate/chat.html"
_CLOSED = "candidate/invitation_closed.html"
_FETCHING = LLMStatus("fetching", "fetching", "embedded", 412_000_000, 1_060_000_000, 95.0)


def _begun(page: Page, furnished: Furnished) -> None:
    page.goto(f"{furnished.house.url}/")
    page.fill("[name=questions]", "3")
    page.click("[data-begin]")
    page.wait_for_url("**/interviews/*")
    wait_for_turn(page)


def _answered(page: Page, furnished: Furnished) -> None:
    _begun(page, furnished)
    answer(page, REPLY)


def _speaking(page: Page, furnished: Furnished) -> None:
    _begun(page, furnished)
    furnished.house.interviewer.held = True
    page.fill("[data-text]", REPLY)
    page.press("[data-text]", "Enter")
    page.wait_for_selector("[data-send]:disabled")
    page.locator(".interviewer .bubble").nth(1).wait_for()


def _loading(page: Page, furnished: Furnished) -> None:
    furnished.house.model.now = _FETCHING
    page.goto(f"{furnished.house.url}/")
    page.wait_for_selector("[data-model-status]:not([hidden])")


def _offline(page: Page, furnished: Furnished) -> None:
    _begun(page, furnished)
    page.context.set_offline(True)
    page.fill("[data-text]", REPLY)
    page.press("[data-text]", "Enter")
    page.wait_for_selector("[data-connection]:not([hidden])")


def _paused(page: Page, furnished: Furnished) -> None:
    _begun(page, furnished)
    page.click("[data-intent=pause]")
    page.wait_for_selector("[data-paused]:not([hidden])")
    page.wait_for_selector("[data-intent=repeat]:not([disabled])")


def _ended(page: Page, furnished: Furnished) -> None:
    _begun(page, furnished)
    page.click("[data-end]")
    page.click("dialog [value=yes]")
    page.wait_for_selector("[data-done]:not([hidden])")


def _device_link(page: Page, furnished: Furnished) -> None:
    _device(page, furnished)
    page.goto(page.input_value("[data-device-link]"))


def _device(page: Page, furnished: Furnished) -> None:
    _begun(page, furnished)
    page.click("[popovertarget=more]")
    page.click("[data-device]")
    page.wait_for_selector("[data-device-ready]:not([hidden])")


def _unticked(page: Page) -> None:
    """Past the browser's own check of what is required."""
    form = "form:has([name=consent])"
    page.eval_on_selector(form, "form => { form.noValidate = true; form.requestSubmit(); }")
    page.wait_for_selector("[role=alert]")


def _revoked(page: Page, furnished: Furnished) -> None:
    """Opened with the cookie of an interview whose invite was revoked."""
    page.goto(f"{furnished.house.url}/interviews/{furnished.interviewed.ids['revoked']}")


def _without_cookies(page: Page, furnished: Furnished) -> None:
    page.goto(f"{furnished.house.url}/interviews/{furnished.interviewed.ids['practice']}?started=1")


def _own(name: str, path: str) -> Callable[[Furnished], str]:
    return lambda furnished: f"/interviews/{furnished.interviewed.ids[name]}/{path}"


def _report(name: str) -> Callable[[Furnished], str]:
    return lambda furnished: furnished.report(name)


def _link(state: str) -> Callable[[Furnished], str]:
    return lambda furnished: furnished.desk.links[state]


_START = at("start", "candidate/start.html", "/")
_INVITATION = at("invitation", "candidate/invitation.html", _link("open"), stranger=True)
_REPORT = at("report", "candidate/report.html", _report("practice"))

START = [
    _START,
    Screen("start-model-loading", "candidate/start.html", _loading),
    pressing(
        _START,
        "start-second-bank",
        lambda page: page.check("[name=bank] >> nth=1"),
        lambda page: page.click(".job summary"),
    ),
    _INVITATION,
    pressing(_INVITATION, "invitation-without-consent", _unticked, complaint=REFUSED),
    *(
        at(
            f"invitation-{state}",
            "candidate/invitation_closed.html",
            _link(state),
            stranger=True,
            refused=True,
        )
        for state in ("used", "expired", "revoked")
    ),
    at("lost", "error.html", "/interviews/0/report", refused=True),
]
CHAT = [
    Screen("chat", _CHAT, _begun),
    Screen("chat-speaking", _CHAT, _speaking),
    Screen("chat-follow-up", _CHAT, _answered),
    Screen("chat-paused", _CHAT, _paused),
    Screen("chat-offline", _CHAT, _offline, complaint="ERR_INTERNET_DISCONNECTED"),
    pressing(Screen("", _CHAT, _begun), "chat-before-ending", lambda page: page.click("[data-end]")),
    Screen("chat-ended", _CHAT, _ended),
    Screen("chat-device", _CHAT, _device),
    Screen("device", "candidate/device.html", _device_link),
    Screen("chat-revoked", "candidate/closed.html", _revoked, complaint=REFUSED),
    Screen("chat-no-cookies", "candidate/cookies.html", _without_cookies, stranger=True, complaint=REFUSED),
]
REPORTS = [
    _REPORT,
    at("report-assessment", "candidate/report.html", _report("waiting")),
    at("report-released", "candidate/report.html", _report("released")),
    at("report-unscored", "candidate/report.html", _report("unscored")),
    at("report-running", "candidate/report.html", _report("running")),
]
RIGHTS = [
    at("me", "candidate/me.html", "/me"),
    at("me-empty", "candidate/me.html", "/me", stranger=True),
    at("me-after-deletion", "candidate/me.html", "/me?done=deleted"),
    at("me-forget", "candidate/me_forget.html", "/me/forget"),
    at("me-delete-all", "candidate/me_delete.html", "/me/delete"),
    at("me-delete-one", "candidate/me_delete.html", _own("practice", "delete")),
    at("me-withdraw", "candidate/me_withdraw.html", _own("running", "withdraw")),
    at("privacy", "candidate/privacy.html", "/privacy"),
]
