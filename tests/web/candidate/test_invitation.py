import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx import Client, Response
from playwright.sync_api import expect

from tests.web.conftest import Watched
from tests.web.desk.templating import invite, make_template, recruiter
from tests.web.house import House

AGREED = {"name": "Ada 🎧", "consent": "yes"}


@pytest.fixture
def desk(house: House) -> Iterator[Client]:
    with recruiter(house) as client:
        yield client


@pytest.fixture
def link(desk: Client) -> str:
    return invite(desk, make_template(desk, intro="Welcome <i>you</i>"), "Ada <b>Example</b>")


def visitor(house: House) -> Client:
    return Client(base_url=house.url, timeout=60, headers={"accept-language": "en", "accept": "text/html"})


@pytest.fixture
def candidate(house: House) -> Iterator[Client]:
    with visitor(house) as client:
        yield client


def interview_of(answer: Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_invitation_tells_everything_before_anything_begins(candidate: Client, link: str) -> None:
    page = candidate.get(link)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    for said in (
        "Green Bamboo invites you",
        "2 questions",
        "Up to 120 minutes",
        "text was pasted",
        "A person decides",
        "dispute",
        "90 days after the end",
        "Welcome &lt;i&gt;you&lt;/i&gt;",
        'value="Ada &lt;b&gt;Example&lt;/b&gt;"',
    ):
        assert said in page.text


def test_a_mail_scanner_does_not_use_the_link_up(house: House, candidate: Client, link: str) -> None:
    for _ in range(3):
        with visitor(house) as scanner:
            assert scanner.get(link).status_code == 200
    candidate.get(link)
    assert interview_of(candidate.post(link, data=AGREED)).startswith("/interviews/")


def test_beginning_leads_to_the_interview_with_a_cookie_out_of_reach(candidate: Client, link: str) -> None:
    candidate.get(link)
    answer = candidate.post(link, data=AGREED)
    path = interview_of(answer)
    cookie = answer.headers["set-cookie"].lower()
    assert f"interview_{path.rpartition('/')[2]}=" in cookie
    for part in ("httponly", "samesite=lax", "max-age=7776000", "path=/"):
        assert part in cookie
    assert candidate.get(path).status_code == 200
    assert interview_of(candidate.get(link)) == path
    assert interview_of(candidate.post(link)) == path


def test_two_clicks_at_once_begin_one_interview(candidate: Client, link: str) -> None:
    candidate.get(link)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: candidate.post(link, data=AGREED), range(4)))
    assert len({interview_of(answer) for answer in answers}) == 1


def test_an_answer_that_got_lost_can_be_asked_for_again(candidate: Client, link: str) -> None:
    candidate.get(link)
    path = interview_of(candidate.post(link, data=AGREED))
    candidate.cookies.delete(f"interview_{path.rpartition('/')[2]}")
    assert "Your interview has begun" in candidate.get(link).text
    assert interview_of(candidate.post(link)) == path
    assert candidate.get(path).status_code == 200


def test_another_browser_is_told_how_to_go_on(house: House, candidate: Client, link: str) -> None:
    candidate.get(link)
    candidate.post(link, data=AGREED)
    with visitor(house) as other:
        for answer in (other.get(link), other.post(link, data=AGREED)):
            assert answer.status_code == 409
            assert "Continue on another device" in answer.text
            assert "interview_" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [({"name": " ", "consent": "yes"}, "want to be called"), ({"name": "Ada"}, "only if you agree")],
)
def test_what_is_missing_is_named_and_the_link_stays(
    candidate: Client, link: str, data: dict[str, str], said: str
) -> None:
    candidate.get(link)
    answer = candidate.post(link, data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{data["name"]}"' in answer.text
    interview_of(candidate.post(link, data=AGREED))


def test_a_browser_without_cookies_does_not_use_the_link_up(
    house: House, candidate: Client, link: str
) -> None:
    answer = candidate.post(link, data=AGREED)
    assert answer.status_code == 409
    assert "keeps no cookies" in answer.text
    assert 'value="Ada 🎧"' in answer.text
    # The page that says so brings the cookie along.
    interview_of(candidate.post(link, data=AGREED))


def test_a_form_of_another_site_begins_nothing(candidate: Client, link: str) -> None:
    candidate.get(link)
    assert candidate.post(link, data=AGREED, headers={"origin": "http://evil.test"}).status_code == 403


@pytest.mark.parametrize("token", ["x", "A" * 43, "x" * 3000, "%00", "%E6%9D%8E"])
def test_an_unknown_link_is_explained(candidate: Client, token: str) -> None:
    for answer in (candidate.get(f"/i/{token}"), candidate.post(f"/i/{token}", data=AGREED)):
        assert answer.status_code == 404
        assert "This link does not exist" in answer.text


def test_revoking_ends_access_in_mid_interview_and_the_link_says_so(
    desk: Client, candidate: Client, link: str
) -> None:
    candidate.get(link)
    path = interview_of(candidate.post(link, data=AGREED))
    listed = re.findall(r"/recruiter/templates/\w{32}(?=/invites)", desk.get("/recruiter/templates").text)
    pages = [desk.get(f"{template}/invites").text for template in dict.fromkeys(listed)]
    page = next(page for page in pages if path.rpartition("/")[2] in page)
    actions = re.findall(r'action="([^"]+/revoke)"', page)
    assert len(actions) == 1
    desk.post(actions[0])
    assert candidate.get(path).status_code in (401, 403, 410)
    assert "This link was withdrawn" in candidate.get(link).text


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "面试邀请"), ("zh-TW", "面試邀請")])
def test_the_invitation_speaks_the_visitors_language(
    candidate: Client, link: str, language: str, said: str
) -> None:
    assert said in candidate.get(link, headers={"accept-language": language}).text


@pytest.mark.browser
def test_it_works_without_scripts(house: House, windows: Watched, link: str) -> None:
    page = windows(scripts=False)
    page.goto(f"{house.url}{link}")
    page.check("[name=consent]")
    page.click("text=Begin the interview")
    page.wait_for_url("**/interviews/*")


@pytest.mark.browser
def test_a_candidate_goes_from_link_to_first_question(house: House, windows: Watched, link: str) -> None:
    page = windows(width=360)
    page.goto(f"{house.url}{link}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.fill("#name", "Ada")
    page.check("[name=consent]")
    page.click("text=Begin the interview")
    page.wait_for_url("**/interviews/*")
    expect(page.locator(".interviewer .bubble").first).to_contain_text("Question text")


def test_the_invitation_says_who_answers_which_model_reads_and_what_one_may_do(
    candidate: Client, link: str
) -> None:
    page = candidate.get(link).text
    for said in (
        "Green Bamboo gives this interview and answers for what is kept of it",
        "not the decision itself",
        "A language model on this server (",
        "Nothing you write leaves the server",
        "correct your name",
        "take your agreement back at any time",
        'href="/privacy"',
    ):
        assert said in page


def test_the_invitation_names_the_endpoint_that_reads_answers(
    house: House, candidate: Client, link: str
) -> None:
    away = {
        "llm_base_url": "https://llm.example.org/v1",
        "llm_model": "m",
        "privacy_contact": "desk@example.org",
    }
    with house.set(**away):
        page = candidate.get(link).text
    assert "at llm.example.org words the questions" in page
    assert "It is sent what you write, and not your name" in page
    assert "Questions about your data: desk@example.org" in page


def test_without_a_period_of_its_own_the_installations_holds(
    house: House, desk: Client, candidate: Client
) -> None:
    link = invite(desk, make_template(desk, retention_days=""))
    assert "Until whoever invited you deletes it" in candidate.get(link).text
    with house.set(retention_days=45):
        assert "deleted 45 days after the end" in candidate.get(link).text


def test_an_invited_person_corrects_the_name_they_gave(
    house: House, desk: Client, candidate: Client, link: str
) -> None:
    candidate.get(link)
    path = interview_of(candidate.post(link, data=AGREED))
    assert "Your name here: Ada 🎧" in candidate.get("/me").text
    answer = candidate.post(f"{path}/name", data={"name": "Ada Example"})
    assert answer.headers["location"] == "/me?done=corrected"
    page = candidate.get("/me?done=corrected").text
    assert "Your name is corrected" in page
    assert "Your name here: Ada Example" in page
    assert "Ada Example" in desk.get(f"/recruiter{path}").text
    assert candidate.put(f"/api/v1{path}/name", json={"name": "Ada E."}).status_code == 204
    assert "Your name here: Ada E." in candidate.get("/me").text
    with visitor(house) as stranger:
        assert stranger.post(f"{path}/name", data={"name": "Eve"}).status_code == 401
