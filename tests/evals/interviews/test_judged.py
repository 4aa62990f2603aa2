"""The follow-ups that were read by the checklist, and what is said of them."""

import json
import re

from evals.interviews.manners import FOLDER

LINES = (
    *("aims", "one_thing", "keeps_the_secret", "hears", "does_not_grade"),
    *("sounds_like_a_person", "can_be_answered"),
)


def test_the_table_counts_what_the_readers_said() -> None:
    rows = (FOLDER / "judged.jsonl").read_text(encoding="utf-8").splitlines()
    readings = [json.loads(row)["readings"] for row in rows]
    assert len(readings) >= 40
    said = {line: [(a[line], b[line]) for a, b in readings] for line in LINES}
    said["all_seven"] = [
        (all(a[line] for line in LINES), all(b[line] for line in LINES)) for a, b in readings
    ]
    text = (FOLDER / "checklist.md").read_text(encoding="utf-8")
    for line, pairs in said.items():
        first, second = (sum(reader) for reader in zip(*pairs, strict=True))
        both, alike = sum(a and b for a, b in pairs), sum(a is b for a, b in pairs)
        row = f"| {line.replace('_', ' ')} | {first} | {second} | {both} | {alike} |"
        assert re.search(re.escape(row), text), row
