"""Stop, reading aloud, dictation, and the counts of an assessment, in a browser that has them or not."""

from time import monotonic
from typing import cast

import pytest
from playwright.sync_api import Page, Request, expect

from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.walk import begin, bubbles, wait_for_turn

pytestmark = pytest.mark.browser

VOICES = """
const voices = [
  {lang: "zh-CN", name: "remote", localService: false}, {lang: "en-GB", name: "here", localService: true},
];
const spoken = [];
window.spoken = spoken;
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => voices,
  addEventListener: () => undefined,
  speak: (utterance) => { spoken.push(utterance.text); window.last = utterance; },
  cancel: () => { spoken.push("(cancelled)"); window.last?.onend?.(); },
}});
"""
EAR = """
window.webkitSpeechRecognition = window.SpeechRecognition = class {
  start() { window.ear = this; }
  stop() { this.onend(); }
};
"""
SAY = """transcript => {
  const result = Object.assign([{transcript}], {isFinal: true});
  ear.onresult({resultIndex: 0, results: [result]});
}"""
NEITHER = """
for (const name of ["speechSynthesis", "SpeechRecognition", "webkitSpeechRecognition"]) {
  Object.defineProperty(window, name, {value: undefined});
}
"""


def send(page: Page, text: str) -> None:
    page.fill("[data-text]", text)
    page.press("[data-text]", "Enter")


def test_stop_appears_when_the_interviewer_takes_long_and_gives_its_line_at_once(
    browser_page: Page, house: House
) -> None:
    begin(browser_page, house)
    expect(browser_page.locator("[data-stop]")).to_be_hidden()
    house.interviewer.held = True
    send(browser_page, "I listen first.")
    expect(browser_page.locator(".interviewer .bubble")).to_have_count(2)
    browser_page.click("[data-stop]")
    wait_for_turn(browser_page)
    house.interviewer.held = False
    assert bubbles(browser_page, "candidate") == ["I listen first."]
    assert "Question text" in bubbles(browser_page, "interviewer")[1]
    expect(browser_page.locator("[data-stop]")).to_be_hidden()
    expect(browser_page.locator("[data-send]")).to_be_enabled()
    expect(browser_page.locator("[data-text]")).to_be_focused()
    browser_page.reload()
    wait_for_turn(browser_page)
    assert len(bubbles(browser_page, "interviewer")) == 2


def test_without_voices_or_ears_no_button_promises_them(windows: Watched, house: House) -> None:
    page = windows()
    page.add_init_script(NEITHER)
    begin(page, house)
    page.click("[popovertarget=more]")
    expect(page.locator("[data-device]")).to_be_visible()
    expect(page.locator("[data-aloud]")).to_be_hidden()
    expect(page.locator("[data-dictate]")).to_be_hidden()


def test_the_interviewer_is_read_aloud_when_asked_for_and_stop_silences_it(
    windows: Watched, house: House
) -> None:
    page = windows()
    page.add_init_script(VOICES)
    begin(page, house)
    assert page.evaluate("spoken") == []
    page.click("[popovertarget=more]")
    page.check("[data-aloud]")
    page.keyboard.press("Escape")
    send(page, "I listen first.")
    wait_for_turn(page)
    assert page.evaluate("spoken.length") == 1
    assert "[follow_up]" in page.evaluate("spoken[0]")
    assert page.evaluate("last.voice.name") == "here"
    page.click("[data-stop]")
    assert page.evaluate("spoken.at(-1)") == "(cancelled)"
    expect(page.locator("[data-send]")).to_be_visible()


def test_a_voice_that_would_send_the_words_away_is_not_offered(windows: Watched, house: House) -> None:
    page = windows()
    page.add_init_script(VOICES.replace("localService: true", "localService: false"))
    begin(page, house)
    page.click("[popovertarget=more]")
    expect(page.locator("[data-aloud]")).to_be_hidden()


def test_dictation_adds_what_was_said_and_says_who_may_hear_it(windows: Watched, house: House) -> None:
    page = windows()
    page.add_init_script(EAR)
    begin(page, house)
    page.fill("[data-text]", "First ")
    page.click("[data-dictate]")
    expect(page.locator("[data-under]")).to_contain_text("may send your voice to its maker")
    expect(page.locator("[data-dictate]")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("ear.lang") == "en"
    page.evaluate(SAY, "I would listen.")
    expect(page.locator("[data-text]")).to_have_value("First I would listen.")
    page.click("[data-dictate]")
    expect(page.locator("[data-dictate]")).to_have_attribute("aria-pressed", "false")


def note_reply(request: Request, sent: list[dict[str, object]]) -> None:
    if request.url.endswith("/replies"):
        sent.append(cast(dict[str, object], request.post_data_json))


def assess(page: Page, house: House) -> list[dict[str, object]]:
    """Start an assessment; the bodies of the replies that will be sent."""
    sent: list[dict[str, object]] = []
    page.on("request", lambda request: note_reply(request, sent))
    page.goto(f"{house.url}/")
    page.uncheck("[name=practice]", force=True)
    expect(page.locator("[data-assessment]")).to_be_visible()
    page.click("[data-begin]")
    page.wait_for_url("**/interviews/*")
    wait_for_turn(page)
    return sent


def test_an_assessment_says_what_it_counts_and_counts_only_that(windows: Watched, house: House) -> None:
    page = windows()
    begun = monotonic()
    sent = assess(page, house)
    expect(page.locator(".rules")).to_contain_text("never change a score")
    page.focus("[data-text]")
    page.keyboard.type("I list")
    page.locator("[data-text]").evaluate(
        """box => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", "en 先听");
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
            box.setRangeText("en 先听", box.value.length, box.value.length, "end");
            box.dispatchEvent(new InputEvent("input", {inputType: "insertFromPaste", bubbles: true}));
        }"""
    )
    page.reload()
    wait_for_turn(page)
    page.press("[data-text]", "End")
    page.keyboard.type("!")
    page.keyboard.press("Enter")
    wait_for_turn(page)
    signals = sent[0]["signals"]
    assert isinstance(signals, dict)
    assert (signals["typed_chars"], signals["pasted_chars"], signals["keystrokes"]) == (7, 5, 9)
    assert all(isinstance(value, int | float) for value in signals.values())
    assert 0 < signals["seconds"] < monotonic() - begun + 1


def test_a_practice_counts_nothing(windows: Watched, house: House) -> None:
    page = windows()
    sent: list[dict[str, object]] = []
    page.on("request", lambda request: note_reply(request, sent))
    begin(page, house)
    expect(page.locator(".rules")).not_to_contain_text("never change a score")
    send(page, "I listen first.")
    wait_for_turn(page)
    assert "signals" not in sent[0]
    assert sent[0]["after"] == 1
