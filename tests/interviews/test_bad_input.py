from typing import Any

import pytest

from tests.interviews.browsing import Browser


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "bank"),
        ({"bank": "tiny", "questions": 0}, "questions"),
        ({"bank": "tiny", "questions": 99}, "questions"),
        ({"bank": "tiny", "mode": "exam"}, "mode"),
        ({"bank": "tiny", "nonsense": 1}, "nonsense"),
        ({"bank": "tiny", "sections": ["none"]}, "sections"),
        ({"bank": "tiny", "language": "<script>"}, "language"),
        ({"bank": "tiny", "seed": 2**40}, "seed"),
    ],
)
async def test_a_wish_that_cannot_be_met_names_its_field(
    browser: Browser, body: dict[str, Any], field: str
) -> None:
    response = await browser.http.post("/api/v1/interviews", json=body)

    assert response.status_code == 422, response.text
    assert field in response.json()["detail"]


async def test_an_unknown_bank_is_not_found(browser: Browser) -> None:
    response = await browser.http.post(
        "/api/v1/interviews", content=b'{"bank": "none\\ud800"}', headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize(
    "raw",
    [
        b'{"text": "\\ud800", "client_turn_id": "t"}',
        b'{"text": "   ", "client_turn_id": "t"}',
        b'{"text": "\\u0000\\u202e", "client_turn_id": "t"}',
        b'{"text": 5, "client_turn_id": "t"}',
        b'{"text": "x", "client_turn_id": ""}',
        b'{"text": "x", "client_turn_id": "\\u0000"}',
        b'{"text": "x", "client_turn_id": "\\ud800"}',
        b'{"text": "x", "client_turn_id": "' + b"x" * 81 + b'"}',
        b'{"text": "x", "client_turn_id": "t", "intent": "win"}',
        b'{"text": "' + "长".encode() * 20_000 + b'", "client_turn_id": "t"}',
        b'{"text": "x"',
        b"\xff\xfe",
    ],
)
async def test_a_bad_reply_is_a_problem_with_a_hint_and_leaves_the_transcript_alone(
    browser: Browser, raw: bytes
) -> None:
    url, headers = await browser.interview()

    response = await browser.http.post(
        f"{url}/replies", content=raw, headers=headers | {"Content-Type": "application/json"}
    )

    assert response.status_code == 422, response.text
    assert response.json()["hint"]
    assert len((await browser.http.get(url, headers=headers)).json()["transcript"]) == 1


async def test_odd_but_readable_replies_are_stored_as_typed(browser: Browser) -> None:
    url, headers = await browser.interview(questions=3, follow_ups=0)

    for text in ("<script>alert(1)</script>", "مرحبا بالعالم"):
        await browser.reply(url, headers, text)

    transcript = (await browser.http.get(url, headers=headers)).json()["transcript"]
    said = [line["text"] for line in transcript if line["speaker"] == "candidate"]
    assert said == ["<script>alert(1)</script>", "مرحبا بالعالم"]
