"""Content hashes of banks and questions, so that a score or an index entry names what it came from."""

import hashlib
import json

from pydantic import BaseModel

from app.banks.schema import Bank, Question


def content_hash(*parts: object) -> str:
    """SHA-256 of the parts as canonical JSON: 64 hexadecimal digits."""
    canonical = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _hash_model(model: BaseModel) -> str:
    return content_hash(model.model_dump(mode="json"))


def bank_hash(bank: Bank) -> str:
    """Changes with any field of the bank, not with comments or layout of its file."""
    return _hash_model(bank)


def question_hash(question: Question) -> str:
    """Changes with any field of the question or its points."""
    return _hash_model(question)
