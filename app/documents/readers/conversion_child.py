"""The child in which converters run: a document on its input, lines as JSON on its output.

Started by `conversion`, as `python -m app.documents.readers.conversion_child FORMAT LIMITS`. It limits its
own memory and time before it reads a byte, imports only the converter it needs, and knows no secret of ours.
"""

import json
import re
import sys
from collections.abc import Iterator

from app.documents.document import DocumentLine
from app.documents.readers.limits import Limits, gather
from app.errors import BadInputError

OUT_OF_MEMORY = 71
FIELDS = ("text", "number", "heading", "depth", "marker", "cells", "page")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_OUTPUT = 400_000_000  # bytes


def main() -> None:
    """Reads the document; the exit status is 0 for lines and for a refusal, `OUT_OF_MEMORY`, or a crash's."""
    kind, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    restrict(limits)
    try:
        content = sys.stdin.buffer.read()
        answer = json.dumps(_answer(kind, content, limits), ensure_ascii=False)
        encoded = _LONE_SURROGATE.sub("\ufffd", answer).encode()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(encoded)


def restrict(limits: Limits) -> None:
    """Limits this process where the system can: Windows can't, there the parent's clock remains."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, _OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(what, (most, most))


def _answer(kind: str, content: bytes, limits: Limits) -> dict[str, object]:
    from app.documents.readers.yaml_json import NotATreeError

    try:
        lines = gather(_lines(kind, content, limits), limits)
    except BadInputError as error:
        return {"refused": [error.detail, error.hint]}
    except NotATreeError as error:
        return {"broken": str(error)}
    return {"lines": [[getattr(line, name) for name in FIELDS] for line in lines]}


def _lines(kind: str, content: bytes, limits: Limits) -> Iterator[DocumentLine]:
    match kind:
        case "docx":
            from app.documents.readers.docx import docx_lines

            return docx_lines(content, limits)
        case "pdf":
            from app.documents.readers.pdf import pdf_lines

            return pdf_lines(content, limits)
        case "xlsx":
            from app.documents.readers.spreadsheet import sheet_lines

            return sheet_lines(content, limits)
        case "html":
            from app.documents.readers.html import html_lines

            return html_lines(content.decode())
        case "markdown":
            from app.documents.readers.markdown import markdown_lines

            return markdown_lines(content.decode())
        case "json":
            from app.documents.readers.yaml_json import json_tree, tree_lines

            return tree_lines(json_tree(content.decode()), limits)
        case "yaml":
            from app.documents.readers.yaml_json import tree_lines, yaml_tree

            return tree_lines(yaml_tree(content.decode()), limits)
    raise ValueError(f"no reader for {kind}")


if __name__ == "__main__":
    main()
