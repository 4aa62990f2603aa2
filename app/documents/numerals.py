"""Numbers written the ways list markers are, for the number formats of HTML and of WordprocessingML
(ECMA-376 part 1, 17.18.59)."""

from collections.abc import Callable
from functools import partial

_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_UNITS = ("", "十", "百", "千")
_LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"))
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", ("", "拾", "佰", "仟"))
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


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
    return "".join(_HAN_DIGITS[int(digit)] for digit in str(max(number, 0)))


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
    "decimalFullWidth": lambda number: str(number).translate({48 + i: 0xFF10 + i for i in range(10)}),
    "decimalFullWidth2": lambda number: str(number).translate({48 + i: 0xFF10 + i for i in range(10)}),
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
