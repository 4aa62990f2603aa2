"""Numerals read, and written as the markers of HTML and WordprocessingML are (ECMA-376 part 1, 17.18.59)."""

import re
from collections.abc import Callable, Mapping
from functools import partial

HAN = "〇零一二两三四五六七八九十百"
FORMAL = "壹贰貳叁參肆伍陆陸柒捌玖拾"  # a style of its own: sections in it may hold lists in the other
_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_DIGITS |= {c: i for i, same in enumerate(("壹", "贰貳", "叁參", "肆", "伍", "陆陸"), 1) for c in same}
_HAN_DIGITS |= {"柒": 7, "捌": 8, "玖": 9}
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_DIGITS = "〇一二三四五六七八九"
_HAN_UNITS = ("", "十", "百", "千")
_LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"))
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟"))
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def read_number(raw: str, words: Mapping[str, int]) -> float | None:
    """A numeral in digits, Han characters, Roman letters or in one of the `words`; None if it is none."""
    raw = raw.strip()
    try:
        return float(raw)
    except ValueError:
        pass
    if raw and all(c in HAN or c in FORMAL for c in raw):
        return han_number(raw)
    if raw.lower() in words:
        return words[raw.lower()]
    return roman_number(raw.upper())


def number_in(words: str) -> int:
    """The number in a marker made of words, such as 第三题, Question 3 or Part B; 0 where there is none."""
    for pattern in (r"\d+", f"[{HAN}]+", r"\b[IVX]+$", r"\b[A-H]$"):
        match = re.search(pattern, words, re.I)
        if match:
            letter = ord(words[-1].upper()) - ord("A") + 1
            return int(read_number(match[0], {}) or letter)
    return 0


def han_number(raw: str) -> int | None:
    """A Han numeral below 1000, such as 二十三; None where the characters make no number."""
    total, digit = 0, None
    for character in raw:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character] if digit is None else digit * 10 + _HAN_DIGITS[character]
        else:
            total += (1 if digit is None else digit) * (100 if character == "百" else 10)
            digit = None
    return total + (digit or 0) or None


def roman_number(raw: str) -> int | None:
    """A Roman numeral in capitals; None where the letters make no number."""
    values = [_ROMAN_DIGITS.get(c, 0) for c in raw]
    if not values or 0 in values:
        return None
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def numeral_pattern(words: Mapping[str, int]) -> str:
    """The regular expression, without groups, of what `read_number` reads in running text."""
    spelled = "|".join(sorted(words, key=len, reverse=True))
    return rf"(?:\d+(?:\.\d+)?|[{HAN}]+" + (rf"|\b(?:{spelled})\b" if spelled else "") + ")"


def letters(number: int, first: str = "a") -> str:
    """1 is a, 26 is z, 27 is aa, 28 is ab."""
    if number < 1:
        return str(number)
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord(first) + rest) + text
    return text


def repeated_letters(number: int, first: str = "a") -> str:
    """1 is a, 26 is z, 27 is aa, 28 is bb, as word processors count."""
    times, rest = divmod(number - 1, 26)
    return chr(ord(first) + rest) * (times + 1) if 0 < number <= 780 else str(number)


def roman(number: int, first: str = "i") -> str:
    """Roman numerals of 1..3999, in the case of `first`; other numbers in digits."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, numeral in _ROMAN:
        times, number = divmod(number, value)
        text += numeral * times
    return text if first.isupper() else text.lower()


def han(number: int, digits: str = "零一二三四五六七八九", units: tuple[str, ...] = _HAN_UNITS) -> str:
    """Chinese numerals of 1..9999, such as 二十一; other numbers in digits."""
    if not 0 < number < 10_000:
        return str(number)
    text, gap = "", False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += (digits[0] if gap and text else "") + digits[digit] + units[power]
        gap = not digit
    short = number < 20 and digits[1] == "一"
    return text.removeprefix("一") if short and number >= 10 else text


def han_digits(number: int) -> str:
    """Chinese digits one by one, such as 二一 for 21."""
    return "".join(_DIGITS[int(digit)] for digit in str(max(number, 0)))


def full_width(number: int) -> str:
    """Digits as wide as Han characters, such as ２１."""
    return str(number).translate({48 + i: 0xFF10 + i for i in range(10)})


def _of_series(series: str, number: int) -> str:
    return series[number - 1] if 0 < number <= len(series) else str(number)


def _enclosed(first: str, number: int) -> str:
    return chr(ord(first) + number - 1) if 0 < number <= 20 else str(number)


_FORMATS: dict[str, Callable[[int], str]] = {
    "lowerLetter": repeated_letters,
    "upperLetter": partial(repeated_letters, first="A"),
    "lowerRoman": roman,
    "upperRoman": partial(roman, first="I"),
    "decimalZero": "{:02}".format,
    "decimalEnclosedCircle": partial(_enclosed, "①"),
    "decimalEnclosedCircleChinese": partial(_enclosed, "①"),
    "decimalEnclosedFullstop": partial(_enclosed, "⒈"),
    "decimalEnclosedParen": partial(_enclosed, "⑴"),
    "decimalFullWidth": full_width,
    "decimalFullWidth2": full_width,
    "chineseLegalSimplified": lambda number: han(number, *_LEGAL_SIMPLIFIED),
    "ideographLegalTraditional": lambda number: han(number, *_LEGAL_TRADITIONAL),
    "ideographDigital": han_digits,
    "japaneseDigitalTenThousand": han_digits,
    "taiwaneseDigital": han_digits,
    "ideographTraditional": partial(_of_series, _STEMS),
    "ideographZodiac": partial(_of_series, _BRANCHES),
    "none": lambda number: "",
    "chineseCounting": han,
    "chineseCountingThousand": han,
    "japaneseCounting": han,
    "taiwaneseCounting": han,
    "taiwaneseCountingThousand": han,
}


def formatted(number: int, form: str) -> str:
    """The number in a `w:numFmt` form; forms not known here come out in digits."""
    return _FORMATS.get(form, str)(number)
