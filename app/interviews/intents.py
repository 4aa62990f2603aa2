"""What a reply wants, read from short set phrases; anything else is an answer."""

from app.interviews.flow import Intent


def recognise(text: str) -> Intent:
    """The intent of a reply; `Intent.ANSWER` unless the whole reply is a known phrase."""
    return Intent.ANSWER


def wished_language(text: str) -> str | None:
    """The language a reply asks the interview to go on in, such as `en` or `zh-CN`; else `None`."""
    return None
