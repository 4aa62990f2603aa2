"""Small banks written as files."""

from pathlib import Path
from typing import Any

import yaml


def bank_data(bank_id: str, sections: dict[str, list[str]], **fields: Any) -> dict[str, Any]:
    """A bank as data: section ids with the texts of their questions, each with two points."""
    return {
        "id": bank_id,
        "title": f"Bank {bank_id}",
        "role": "agent",
        "language": "zh-CN",
        "version": "1.0.0",
        "competencies": [{"id": "care", "title": "Care"}],
        "sections": [
            {
                "id": section,
                "title": f"Section {section}",
                "questions": [
                    question_data(f"{bank_id}-{section}-{number}", text)
                    for number, text in enumerate(texts, 1)
                ],
            }
            for section, texts in sections.items()
        ],
        **fields,
    }


def question_data(question_id: str, text: str, **fields: Any) -> dict[str, Any]:
    points = [{"id": "p1", "text": f"先弄清：{text}"}, {"id": "p2", "text": f"说出办法：{text}", "weight": 2}]
    return {"id": question_id, "text": text, "kind": "situational", "points": points, **fields}


def write_bank(folder: Path, data: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{data['id']}.yaml"
    file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file
