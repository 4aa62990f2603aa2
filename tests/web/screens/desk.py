"""What recruiters see."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.web.screens.desk_work import DOUBTFUL_GUESTS
from tests.web.screens.furnished import ONLINE, SPECIALIST, Furnished
from tests.web.screens.screen import REFUSED, at, pressing

_LIST = "desk/interviews.html"
_TRANSCRIPT = "desk/transcript.html"
_TEMPLATE = "desk/template.html"
_INVITES = "desk/invites.html"


def _desk(name: str, more: str = "") -> Callable[[Furnished], str]:
    return lambda furnished: furnished.transcript(name) + more


def _template(more: str = "") -> Callable[[Furnished], str]:
    return lambda furnished: furnished.desk.template + more


def _compared(count: int) -> Callable[[Furnished], str]:
    return lambda furnished: (
        "/recruiter/compare?" + "&".join(f"ids={each}" for each in furnished.interviewed.many[:count])
    )


def _candidate(more: str = "") -> Callable[[Furnished], str]:
    return lambda furnished: f"/recruiter/candidates/{furnished.interviewed.ids['released']}{more}"


def _wrong_log_in(page: Page) -> None:
    page.fill("#name", "recruiter")
    page.fill("#password", "not this one")
    page.press("#password", "Enter")
    page.wait_for_selector("[role=alert]")


def _newcomer(page: Page) -> str:
    """Another one for each language: nobody is invited or added twice."""
    names = {"zh-CN": "孙琳琳", "zh-Hant": "孫琳珊", "en": "孙琳玥"}
    return names[page.evaluate("document.documentElement.lang")]


def _preview(page: Page) -> None:
    page.fill("#list", DOUBTFUL_GUESTS)
    page.click(".invite-many .button-primary")
    page.wait_for_url("**/preview")


def _one_link(page: Page) -> None:
    page.fill("#name", _newcomer(page))
    page.click(".invite-one .button-primary")
    page.wait_for_selector("input[value*='/i/']")


def _added_account(page: Page) -> None:
    page.fill("#name", _newcomer(page))
    page.click(".people-add .button-primary")
    page.wait_for_selector(".issued-password, #add-problem")


def _unfolded(page: Page) -> None:
    page.click("[data-attention] summary >> nth=0")


_LOGIN = at("log-in", "desk/login.html", "/recruiter/login", stranger=True)
_NEW = at("template-new", _TEMPLATE, "/recruiter/templates/new")
_INVITED = at("invites", _INVITES, _template("/invites"))
_PEOPLE = at("people", "desk/people.html", "/recruiter/people")
_DISPUTED = at("transcript", _TRANSCRIPT, _desk("disputed"))

LISTS = [
    _LOGIN,
    pressing(_LOGIN, "log-in-refused", _wrong_log_in, complaint=REFUSED),
    at("list", _LIST, "/recruiter?sort=newest"),
    at("list-filtered", _LIST, "/recruiter?status=ended&flagged=yes&least=40&sort=score_down"),
    at("list-search", _LIST, "/recruiter?q=客户"),
    at("list-nothing-found", _LIST, "/recruiter?q=没有这样的人"),
    at(
        "lost-at-the-desk",
        "error.html",
        "/recruiter/interviews/00000000000000000000000000000000",
        refused=True,
    ),
]
REVIEWS = [
    _DISPUTED,
    pressing(_DISPUTED, "transcript-point-open", _unfolded),
    at("transcript-released", _TRANSCRIPT, _desk("released")),
    at("transcript-blind", "desk/transcript_blind.html", _desk("judged_blind")),
    at("ask-blind", "desk/transcript_ask_blind.html", _desk("waiting", "/blind")),
    at("history", "desk/transcript_history.html", _desk("disputed", "/questions/1/history")),
    at("release", "desk/transcript_release.html", _desk("disputed", "/release")),
    at("compare", "desk/compare.html", _compared(4)),
    at("compare-refused", "desk/compare_refused.html", "/recruiter/compare", refused=True),
]
TEMPLATES = [
    at("templates", "desk/templates.html", "/recruiter/templates"),
    at("templates-archived", "desk/templates.html", "/recruiter/templates?archived=true"),
    at("template", _TEMPLATE, _template()),
    _NEW,
    pressing(
        _NEW, "template-with-errors", lambda page: page.click(".save-bar .button-primary"), complaint=REFUSED
    ),
    _INVITED,
    pressing(_INVITED, "invites-preview", _preview, template="desk/invite_preview.html"),
    pressing(_INVITED, "invite-links", _one_link, template="desk/invite_links.html"),
]
BANKS = [
    at("banks", "banks/banks.html", "/recruiter/banks"),
    at("banks-search", "banks/banks.html", "/recruiter/banks?q=安抚情绪激动的客户"),
    at("bank", "banks/bank.html", f"/recruiter/banks/{ONLINE}"),
    at("bank-diff", "banks/bank.html", f"/recruiter/banks/{SPECIALIST}?from=1.0.1&to=1.1.0"),
    at("draft", "banks/draft.html", lambda furnished: furnished.desk.damaged_draft),
    at(
        "draft-editor",
        "banks/draft.html",
        lambda furnished: f"{furnished.desk.damaged_draft}?open={furnished.desk.question}",
    ),
    at("draft-publish", "banks/draft_publish.html", lambda furnished: f"{furnished.desk.next_draft}/publish"),
    at(
        "draft-published",
        "banks/draft_published.html",
        lambda furnished: f"{furnished.desk.published}/published",
    ),
]
FIGURES = [
    at("trust", "desk/trust.html", "/recruiter/trust"),
    at("rescoring", "desk/rescoring.html", "/recruiter/rescoring"),
    at("rescoring-run", "desk/rescoring_run.html", lambda furnished: furnished.desk.run),
]
PEOPLE = [
    _PEOPLE,
    pressing(_PEOPLE, "people-added", _added_account),
    pressing(_PEOPLE, "people-one-open", lambda page: page.click(".person summary >> nth=1")),
    at("audit", "desk/audit.html", "/recruiter/audit"),
    at("candidates", "desk/candidates.html", "/recruiter/candidates"),
    at("candidates-found", "desk/candidates.html", "/recruiter/candidates?q=罗子涵"),
    at("candidate", "desk/candidate.html", _candidate()),
    at(
        "candidate-delete",
        "desk/candidate_delete.html",
        lambda furnished: _candidate("/delete?ids=")(furnished) + furnished.interviewed.ids["released"],
    ),
]
# On the first day, before anything was set up or anybody came.
BARE = [
    at("bare-start", "candidate/start.html", "/"),
    at("bare-me", "candidate/me.html", "/me"),
    at("bare-list", _LIST, "/recruiter"),
    at("bare-templates", "desk/templates.html", "/recruiter/templates"),
    at("bare-banks", "banks/banks.html", "/recruiter/banks"),
    at("bare-trust", "desk/trust.html", "/recruiter/trust"),
    at("bare-rescoring", "desk/rescoring.html", "/recruiter/rescoring"),
    at("bare-people", "desk/people.html", "/recruiter/people"),
]
