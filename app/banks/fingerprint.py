"""Content hashes, so that a score or a version names the bank it came from."""

import hashlib
import json

from app.banks.schema import Bank


def content_hash(*parts: object) -> str:
    """SHA-256 of the parts as canonical JSON: 64 hexadecimal digits."""
    canonical = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def bank_hash(bank: Bank) -> str:
    """Changes with any field of the bank, not with comments or layout of its file."""
    return content_hash(bank.model_dump(mode="json"))
