"""What is no speech whatever it says: chat tokens, forged tags, JSON verdicts, encoded text. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from app.scoring.screening.spans import Span
from app.scoring.screening.wording import Wording

# One to one, so that offsets stay: other brackets that look like or fold to those of tags.
_BRACKETS = str.maketrans("＜﹤‹〈＞﹥›〉｜｛｝／", "<<<<>>>>|{}/")
_TOKEN = re.compile(r"<\|[^|<>\n]{1,40}\|>")
_ROLE = re.compile(r"\s*(system|assistant|tool|developer|user)\b[ \t]*:?", re.I)
_INSTRUCT = re.compile(r"<<SYS>>.*?(?:<</SYS>>|\Z)|\[/INST\].*?(?:\[INST\]|\Z)|\[INST\]|</?s>", re.S)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TAG = re.compile(r"<\s*(/?)\s*([^\W\d][\w-]{0,30})(?:\s[^<>]{0,200})?/?\s*>")
_FENCE = re.compile(r"```\w*")
# Tag characters (other than in flags of regions) and rare variation selectors: text that nobody sees.
_HIDDEN = re.compile(
    "(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]{2,}|[\U000e0100-\U000e01ef]{2,}"
)
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x|\\x)?(?:[0-9a-fA-F]{2}(?:\\x|\s)?){12,}(?![0-9A-Za-z])")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){6,}")
MOST_BRACKETS = 2000


def found(text: str, wording: Wording) -> list[Span]:
    """Spans of `text`, in no order, maybe overlapping."""
    shown = text.translate(_BRACKETS)
    patterns = (_COMMENT, _INSTRUCT, _HIDDEN)
    spans = [match.span() for pattern in patterns for match in pattern.finditer(shown)]
    spans += _chat_turns(shown)
    spans += _tags(shown, wording)
    verdicts = list(_verdicts(shown, wording))
    if verdicts:
        spans += verdicts + [match.span() for match in _FENCE.finditer(shown)]
    spans += [match.span() for match in _BASE64.finditer(shown) if _says_something(_from_base64(match[0]))]
    spans += [match.span() for match in _HEX.finditer(shown) if _says_something(_from_hex(match[0]))]
    spans += [
        match.span() for match in _PERCENT.finditer(shown) if _says_something(unquote_to_bytes(match[0]))
    ]
    return spans


def _chat_turns(text: str) -> Iterator[Span]:
    """Control tokens, and after them the turns of anyone but the user."""
    tokens = list(_TOKEN.finditer(text))
    speaker = "user"
    for at, token in enumerate(tokens):
        yield token.span()
        end = tokens[at + 1].start() if at + 1 < len(tokens) else len(text)
        role = _ROLE.match(text, token.end(), end)
        if role:
            speaker = role[1].lower()
            yield role.span()
        elif "end" in token[0]:
            speaker = "user" if "header" not in token[0] else speaker
        if speaker != "user":
            yield token.end(), end


def _tags(text: str, wording: Wording) -> Iterator[Span]:
    """Tags that forge the frame of a prompt, with what stands inside where it speaks for the grader.

    What lies between a closed and a newly opened reply is outside the reply by its writer's own word.
    """
    closed: int | None = None
    opened: dict[str, int] = {}
    for tag in _TAG.finditer(text):
        name, closing = tag[2].casefold(), tag[1] == "/"
        if name in wording.candidate_tags:
            yield tag.span()
            if closing:
                closed = tag.start() if closed is None else closed
            elif closed is not None:
                yield closed, tag.end()
                closed = None
        elif name.startswith(wording.grader_tags):
            yield tag.span()
            if closing and name in opened:
                yield opened.pop(name), tag.end()
            elif not closing:
                opened.setdefault(name, tag.start())


def _verdicts(text: str, wording: Wording) -> Iterator[Span]:
    """Objects and lists in the manner of JSON whose keys are a verdict's."""
    waiting: list[int] = []
    for bracket in list(re.finditer(r"[\[\]{}]", text))[:MOST_BRACKETS]:
        if bracket[0] in "[{":
            waiting.append(bracket.start())
        elif waiting:
            start = waiting.pop()
            if wording.verdict_key.search(text, start, bracket.end()):
                yield start, bracket.end()


def _from_base64(text: str) -> bytes:
    letters = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except binascii.Error:
        return b""


def _from_hex(text: str) -> bytes:
    digits = re.sub(r"0x|\\x|\s", "", text)
    return bytes.fromhex(digits) if len(digits) % 2 == 0 else b""


def _says_something(decoded: bytes) -> bool:
    """Whether the bytes are text with words in it, which random letters hardly ever decode to."""
    try:
        text = decoded.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return (
        len(text) >= 4
        and text.isprintable()
        and sum(c.isalpha() or c == " " for c in text) >= 0.75 * len(text)
    )
