import pytest
from playwright.sync_api import Page, Route, expect

from app.llm.base import LLMStatus
from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.walk import answer, begin, bubbles, log_in, wait_for_turn

pytestmark = pytest.mark.browser

MARKUP = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>'


def compose(page: Page, **event: object) -> None:
    """Press Enter in the text box with the properties an IME gives the event."""
    page.locator("[data-text]").evaluate(
        """(box, more) => {
            const usual = {key: "Enter", bubbles: true, cancelable: true};
            const event = new KeyboardEvent("keydown", {...usual, ...more});
            if (more.keyCode) Object.defineProperty(event, "keyCode", {value: more.keyCode});
            box.dispatchEvent(event);
        }""",
        event,
    )


def test_enter_sends_and_the_interviewer_answers(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    browser_page.fill("[data-text]", "I listen first.")
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator(".candidate .bubble")).to_have_text("I listen first.")
    wait_for_turn(browser_page)
    assert len(bubbles(browser_page, "interviewer")) == 2
    assert browser_page.input_value("[data-text]") == ""


def test_shift_enter_breaks_the_line(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    browser_page.fill("[data-text]", "one")
    browser_page.press("[data-text]", "Shift+Enter")
    browser_page.keyboard.type("two")
    assert browser_page.input_value("[data-text]") == "one\ntwo"
    assert bubbles(browser_page, "candidate") == []


@pytest.mark.parametrize("event", [{"isComposing": True}, {"keyCode": 229}])
def test_enter_of_an_input_method_does_not_send(
    browser_page: Page, house: House, event: dict[str, object]
) -> None:
    begin(browser_page, house)
    browser_page.fill("[data-text]", "我先道歉")
    compose(browser_page, **event)
    assert bubbles(browser_page, "candidate") == []
    assert browser_page.input_value("[data-text]") == "我先道歉"


def test_enter_right_after_composing_does_not_send_and_the_next_one_does(
    browser_page: Page, house: House
) -> None:
    begin(browser_page, house)
    browser_page.fill("[data-text]", "我先道歉")
    browser_page.locator("[data-text]").evaluate(
        """box => {
            const now = performance.now();
            const dispatch = (event, timeStamp) => {
                Object.defineProperty(event, "timeStamp", {value: timeStamp});
                box.dispatchEvent(event);
            };
            dispatch(new CompositionEvent("compositionstart", {bubbles: true}), now);
            dispatch(new CompositionEvent("compositionend", {bubbles: true}), now);
            const enter = {key: "Enter", bubbles: true, cancelable: true};
            dispatch(new KeyboardEvent("keydown", enter), now + 30);
        }"""
    )
    assert bubbles(browser_page, "candidate") == []
    browser_page.wait_for_timeout(60)
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator(".candidate .bubble")).to_have_text("我先道歉")


def test_a_real_input_method_composes_without_sending(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    browser_page.focus("[data-text]")
    ime = browser_page.context.new_cdp_session(browser_page)
    ime.send("Input.imeSetComposition", {"text": "dao qian", "selectionStart": 8, "selectionEnd": 8})
    browser_page.keyboard.press("Enter")
    assert bubbles(browser_page, "candidate") == []
    ime.send("Input.insertText", {"text": "道歉"})
    browser_page.wait_for_timeout(60)
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator(".candidate .bubble")).to_have_count(1)


def test_a_draft_survives_a_reload(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    browser_page.fill("[data-text]", "half a thought")
    browser_page.reload()
    expect(browser_page.locator("[data-text]")).to_have_value("half a thought")


def test_what_is_typed_before_the_script_is_there_is_kept(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    held: list[Route] = []
    browser_page.route("**/chat*.js*", lambda route: held.append(route))
    browser_page.reload(wait_until="commit")
    browser_page.fill("[data-text]", "early words")
    while not held:
        browser_page.wait_for_timeout(10)
    expect(browser_page.locator("[data-send]")).to_be_disabled()
    expect(browser_page.locator("[data-device]")).to_be_disabled()
    held[0].continue_()
    expect(browser_page.locator("[data-send]")).to_be_enabled()
    expect(browser_page.locator("[data-text]")).to_have_value("early words")


def test_a_stream_survives_a_reload(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    house.interviewer.held = True
    browser_page.fill("[data-text]", "I listen first.")
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator(".interviewer .bubble").nth(1)).to_contain_text("[follow_up]")
    browser_page.reload()
    expect(browser_page.locator(".interviewer .bubble").nth(1)).to_contain_text("[follow_up]")
    house.interviewer.held = False
    wait_for_turn(browser_page)
    assert "Question text" in bubbles(browser_page, "interviewer")[1]
    assert bubbles(browser_page, "candidate") == ["I listen first."]


def test_markup_is_shown_as_text_on_every_page(windows: Watched, house: House) -> None:
    house.interviewer.opening = MARKUP
    page = windows()
    begin(page, house, questions=1)
    assert MARKUP in bubbles(page, "interviewer")[0]
    for _ in range(2):
        answer(page, MARKUP)
    assert bubbles(page, "candidate") == [MARKUP, MARKUP]
    chat_title = page.title()
    page.click("[data-done] a")
    expect(page.locator(".candidate .said").first).to_have_text(MARKUP)
    desk = log_in(windows, house)
    desk.click(".who a >> nth=0")
    expect(desk.locator(".candidate .said").first).to_have_text(MARKUP)
    assert not {chat_title, page.title(), desk.title()} & {"1", "2"}


def test_buttons_speak_for_the_candidate(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    for intent, move in (("repeat", "repeat"), ("explain", "explain"), ("hint", "hint"), ("skip", "ask")):
        browser_page.click(f"[data-intent={intent}]")
        expect(browser_page.locator(".interviewer .bubble").last).to_contain_text(f"[{move}]")
        wait_for_turn(browser_page)
    browser_page.click("[data-intent=pause]")
    expect(browser_page.locator("[data-paused]")).to_be_visible()
    browser_page.click("[data-intent=resume]")
    expect(browser_page.locator("[data-paused]")).to_be_hidden()


def test_ending_asks_first_and_leads_to_the_report(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    browser_page.click("[data-end]")
    browser_page.click("dialog [value=no]")
    expect(browser_page.locator("dialog[open]")).to_have_count(0)
    expect(browser_page.locator("[data-done]")).to_be_hidden()
    browser_page.click("[data-end]")
    browser_page.click("dialog [value=yes]")
    browser_page.click("[data-done] a")
    expect(browser_page.locator("h1")).to_have_text("Interview report")


def test_it_ends_even_while_the_interviewer_speaks(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    house.interviewer.held = True
    browser_page.fill("[data-text]", "one")
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator(".interviewer .bubble")).to_have_count(2)
    browser_page.click("[data-end]")
    browser_page.click("dialog [value=yes]")
    house.interviewer.held = False
    expect(browser_page.locator("[data-done]")).to_be_visible()


def test_a_whole_interview_needs_only_the_keyboard(browser_page: Page, house: House) -> None:
    page = browser_page
    page.goto(f"{house.url}/")
    page.focus("[name=questions]")
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-begin]')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/interviews/*")
    wait_for_turn(page)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-text]')"):
            break
    for spoken, reply in enumerate(("I listen first.", "I call back."), start=2):
        page.keyboard.type(reply)
        page.keyboard.press("Enter")
        expect(page.locator(".interviewer .bubble")).to_have_count(spoken)
        page.wait_for_selector("[data-intent=repeat]:not([disabled]), [data-done]:not([hidden])")
    page.wait_for_selector("[data-done]:not([hidden])")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-done] a')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Interview report")


def test_only_finished_messages_are_announced(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    assert browser_page.locator("[data-log] [aria-live]:not([aria-live=off])").count() == 0
    house.interviewer.held = True
    browser_page.fill("[data-text]", "one")
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator(".interviewer .bubble")).to_have_count(2)
    assert "[follow_up]" not in browser_page.locator("[data-announce]").inner_text()
    house.interviewer.held = False
    wait_for_turn(browser_page)
    expect(browser_page.locator("[data-announce]")).to_contain_text("[follow_up]")


def test_the_limit_is_shown_before_it_is_reached_and_holds(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    most = house.settings.max_reply_chars
    browser_page.fill("[data-text]", "𠮷" * (most - 10))
    expect(browser_page.locator("[data-under]")).to_have_text("10 characters left")
    browser_page.fill("[data-text]", "𠮷" * (most + 1))
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator("[data-under]")).to_have_text("1 character too many")
    assert bubbles(browser_page, "candidate") == []


def test_the_chat_shows_how_far_the_model_is_until_the_first_question(
    browser_page: Page, house: House
) -> None:
    house.model.now = LLMStatus("fetching", "part 3", "scripted", 250_000_000, 1_000_000_000, 120.0)
    house.interviewer.held = True
    browser_page.goto(f"{house.url}/")
    expect(browser_page.locator("[data-model-bytes]")).to_have_text("250 MB / 1.00 GB")
    expect(browser_page.locator("[data-model-eta]")).to_have_text("About 2 minutes left")
    browser_page.click("[data-begin]")
    browser_page.wait_for_url("**/interviews/*")
    expect(browser_page.locator("[data-model-status]")).to_be_visible()
    house.model.now = LLMStatus("ready", "", "scripted")
    house.interviewer.held = False
    wait_for_turn(browser_page)
    expect(browser_page.locator("[data-model-status]")).to_be_hidden()


def test_two_windows_of_one_candidate_show_the_same(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    other = browser_page.context.new_page()
    other.goto(browser_page.url)
    wait_for_turn(other)
    browser_page.fill("[data-text]", "from the first window")
    browser_page.press("[data-text]", "Enter")
    expect(other.locator(".candidate .bubble")).to_have_text("from the first window")
    wait_for_turn(other)
    wait_for_turn(browser_page)
    assert bubbles(other, "interviewer") == bubbles(browser_page, "interviewer")
