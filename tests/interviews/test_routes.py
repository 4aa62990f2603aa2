import asyncio

from tests.interviews.browsing import Browser, events
from tests.waiting import PATIENCE_SECONDS, until


async def test_an_interview_is_created_with_a_token_and_its_place(browser: Browser) -> None:
    response = await browser.http.post("/api/v1/interviews", json={"bank": "tiny", "questions": 2})

    created = response.json()
    assert response.status_code == 201
    assert created["question"]["of"] == 2
    assert (created["status"], created["mode"], created["language"]) == ("open", "practice", "en")
    assert created["token"]


async def test_the_interview_shows_its_transcript_and_never_the_rubric(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.reply(url, headers, "I apologise.")

    response = await browser.http.get(url, headers=headers)

    shown = response.json()
    assert [line["kind"] for line in shown["transcript"]] == ["greet", "answer", "follow_up"]
    assert shown["bank"] == {"id": "tiny", "title": "A tiny bank"}
    assert (shown["activity"], shown["question"], shown["minutes"]["of"]) == (
        "idle",
        {"number": 1, "of": 3},
        120,
    )
    assert "refund" not in response.text


async def test_a_reply_is_answered_as_a_stream_of_events(browser: Browser) -> None:
    url, headers = await browser.interview()

    heard = await browser.reply(url, headers, "I apologise.")

    assert (heard[0]["event"], heard[0]["id"]) == ("message", "2")
    assert heard[0]["data"]["text"] == "I apologise."
    names = [event["event"] for event in heard]
    assert set(names) == {"message", "state", "delta"}
    assert names[-2:] == ["message", "state"]
    assert heard[-2]["data"]["speaker"] == "interviewer"
    assert heard[-1]["data"]["activity"] == "idle"


async def test_the_deltas_are_the_message(browser: Browser) -> None:
    url, headers = await browser.interview()
    browser.house.interviewer.gate = asyncio.Event()
    asyncio.get_running_loop().call_later(0.2, browser.house.interviewer.gate.set)

    heard = await browser.reply(url, headers, "I apologise.")

    text = ""
    for event in heard:
        if event["event"] == "delta":
            assert event["data"]["offset"] == len(text)
            text += event["data"]["text"]
    assert text
    assert heard[-2]["data"]["text"].startswith(text)


async def test_following_shows_everything_from_the_start_and_ends_with_the_interview(
    browser: Browser,
) -> None:
    url, headers = await browser.interview(questions=1, follow_ups=0)
    heard: list[str] = []

    async def follow() -> None:
        async with browser.http.stream("GET", f"{url}/events", headers=headers) as response:
            async for row in response.aiter_lines():
                heard.append(row)

    following = asyncio.create_task(follow())
    await until(lambda: heard)
    await browser.reply(url, headers, "I apologise.")
    await asyncio.wait_for(following, PATIENCE_SECONDS)

    kinds = [e["data"]["kind"] for e in events("\n".join(heard)) if e["event"] == "message"]
    assert kinds == ["greet", "answer", "close"]


async def test_following_resumes_after_the_last_event(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.reply(url, headers, "I apologise.")
    await browser.http.post(f"{url}/end", headers=headers)

    resumed = await browser.http.get(f"{url}/events", headers=headers | {"Last-Event-ID": "2:5"})
    first = await browser.http.get(f"{url}/events?after=3", headers=headers)

    assert [e["id"] for e in events(resumed.text) if e["event"] == "message"] == ["2", "3", "4"]
    assert [e["id"] for e in events(first.text) if e["event"] == "message"] == ["4"]


async def test_an_ended_interview_that_was_read_tells_the_browser_not_to_reconnect(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.http.post(f"{url}/end", headers=headers)

    response = await browser.http.get(f"{url}/events", headers=headers | {"Last-Event-ID": "2"})

    assert response.status_code == 204


async def test_an_event_id_beyond_the_end_waits_for_what_comes(browser: Browser) -> None:
    url, headers = await browser.interview(questions=1, follow_ups=0)
    beyond = headers | {"Last-Event-ID": "99"}
    async with browser.http.stream("GET", f"{url}/events", headers=beyond) as response:
        rows = response.aiter_lines()
        text = [await anext(rows)]
        await browser.reply(url, headers, "I apologise.")
        text += [row async for row in rows]

    heard = events("\n".join(text))
    assert [event["id"] for event in heard if event["event"] == "message"] == ["2", "3"]
    assert heard[0]["data"]["activity"] == "idle"


async def test_a_made_up_event_id_is_a_problem(browser: Browser) -> None:
    url, headers = await browser.interview()

    response = await browser.http.get(f"{url}/events", headers=headers | {"Last-Event-ID": "later"})

    assert response.status_code == 422
    assert "Last-Event-ID" in response.json()["detail"]


async def test_the_end_returns_the_state(browser: Browser) -> None:
    url, headers = await browser.interview()

    response = await browser.http.post(f"{url}/end", headers=headers)

    assert response.json() == {
        "status": "ended",
        "activity": "idle",
        "question": {"number": 1, "of": 3},
        "minutes": {"used": 0, "of": 120},
    }


async def test_the_report_of_a_practice_is_shown_after_its_end(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.reply(url, headers, "I apologise.")
    before = (await browser.http.get(f"{url}/report", headers=headers)).json()
    await browser.http.post(f"{url}/end", headers=headers)

    after = (await browser.http.get(f"{url}/report", headers=headers)).json()

    assert (before["status"], before["released"], before["questions"]) == ("pending", False, [])
    assert (after["status"], after["score"], after["max_score"]) == ("scored", 2.0, 6.0)


async def test_a_second_reply_while_one_is_answered_conflicts(browser: Browser) -> None:
    url, headers = await browser.interview()
    browser.house.interviewer.gate = asyncio.Event()
    first = asyncio.create_task(browser.reply(url, headers, "One."))
    await browser.house.at_the_gate()

    response = await browser.http.post(
        f"{url}/replies", json={"text": "Two.", "client_turn_id": "b"}, headers=headers
    )
    browser.house.interviewer.gate.set()

    assert response.status_code == 409
    assert response.json()["hint"]
    assert (await first)[-1]["event"] == "state"


async def test_a_closed_connection_loses_nothing(browser: Browser) -> None:
    url, headers = await browser.interview()
    browser.house.interviewer.gate = asyncio.Event()
    body = {"text": "I apologise.", "client_turn_id": "t"}
    async with browser.http.stream("POST", f"{url}/replies", json=body, headers=headers) as response:
        async for row in response.aiter_lines():
            if row.startswith("event: delta"):
                break
    browser.house.interviewer.gate.set()

    lines = await browser.house.settled(url.rsplit("/", 1)[1])

    assert lines[-1].kind == "follow_up"


async def test_the_api_documents_its_events_and_problems(browser: Browser) -> None:
    paths = (await browser.http.get("/openapi.json")).json()["paths"]

    replies = paths["/api/v1/interviews/{interview_id}/replies"]["post"]["responses"]
    assert "delta" in replies["200"]["description"]
    assert "text/event-stream" in replies["200"]["content"]
    assert {"401", "404", "409", "422"} <= set(replies)
