"""Banks and templates for the tests."""

from typing import Any

from app.banks.schema import Bank
from app.recruiting.templates.content import TemplateContent

WORDS = (
    "parcel",
    "camera",
    "invoice",
    "garden",
    "violin",
    "harbour",
    "weather",
    "bakery",
    "lantern",
    "ferry",
)


def bank(
    bank_id: str = "shop",
    version: str = "1.0.0",
    language: str = "en",
    sections: str = "care:eeemmh skill:emm",
) -> Bank:
    """A bank whose sections are named with a letter for each question's difficulty."""
    levels = {"e": "easy", "m": "medium", "h": "hard"}
    built = []
    for place, described in enumerate(sections.split()):
        name, _, letters = described.partition(":")
        questions = [
            {
                "id": f"{bank_id}.{name}{number}",
                "text": f"{bank_id} {name} {WORDS[(number + 5 * place) % 10]} {WORDS[number] * 3} {version}?",
                "kind": "situational",
                "difficulty": levels[letter],
                "points": [{"id": "p1", "text": "says sorry"}],
            }
            for number, letter in enumerate(letters)
        ]
        built.append({"id": name, "title": f"About {name}", "questions": questions})
    return Bank.model_validate(
        {
            "id": bank_id,
            "title": bank_id.title(),
            "role": "agent",
            "language": language,
            "version": version,
            "sections": built,
        }
    )


def content(**changes: Any) -> TemplateContent:
    """A template of one question of the tiny bank."""
    usual: dict[str, Any] = {"name": "Support agent", "parts": [{"bank": "tiny", "count": 1}]}
    return TemplateContent.model_validate(usual | changes)
