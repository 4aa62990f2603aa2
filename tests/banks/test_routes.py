import json

import httpx
from fastapi import FastAPI

from app.banks.library import BankLibrary
from app.banks.routes import router
from app.banks.schema import Bank
from tests.banks.bank_files import bank_data
from tests.fakes.rooms import few_rooms


async def test_banks_are_listed_with_sections_and_without_the_rubric() -> None:
    bank = Bank.model_validate(bank_data("a", {"s": ["一", "二"], "t": ["三"]}, description="About it"))
    app = FastAPI()
    app.include_router(router)
    app.state.rooms = few_rooms({BankLibrary: BankLibrary({"a": bank})})
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/api/v1/banks")
    assert answer.json() == [
        {
            "id": "a",
            "title": "Bank a",
            "role": "agent",
            "language": "zh-CN",
            "version": "1.0.0",
            "description": "About it",
            "sections": [
                {"id": "s", "title": "Section s", "questions": 2},
                {"id": "t", "title": "Section t", "questions": 1},
            ],
            "competencies": [{"id": "care", "title": "Care"}],
        }
    ]
    described = json.dumps(app.openapi()["components"]["schemas"])
    assert "points" not in described
    assert "reference_answer" not in described
