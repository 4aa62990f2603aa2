"""The language of a text: by its letters, where only one language uses them, else by its commonest words."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

import opencc

from app.languages.files import SHIPPED, Facts, language_folder

_SAMPLE = 20_000  # code points are enough to tell a language
_LETTERS_SHARE = 0.15  # of all letters; words of other scripts are common in any language
_VARIANT_SHARE = 0.02  # of the characters that another script of the language writes differently


def facts() -> Mapping[str, Facts]:
    """All that is known of each language, by its folder; the shipped languages."""
    return {path.parent.name: known for path, known in language_folder(SHIPPED).all(Facts).items()}


def language_of(text: str, *, among: Collection[str] | None = None, shared: float = _LETTERS_SHARE) -> str:
    """The folder of the language a text is in; the fallback where nothing tells.

    Letters that several languages use must be more than `shared` of all. `among` limits the choice.
    """
    sample = text[:_SAMPLE]
    choice = {name: each for name, each in facts().items() if among is None or name in among}
    count = sum(c.isalpha() for c in sample)
    # Japanese text is full of Chinese characters: letters of one language only are looked for first.
    for name, each in sorted(choice.items(), key=lambda pair: pair[1].shared):
        share = len(re.findall(each.letters, sample)) if each.letters else 0
        if share and share > (shared if each.shared else _LETTERS_SHARE) * count:
            return name
    words = re.findall(r"[^\W\d_]+", sample.lower())
    counts = {name: sum(word in each.words for word in words) for name, each in choice.items()}
    fallback = language_folder(SHIPPED).fallback()
    best = max(counts, key=lambda name: (counts[name], name == fallback), default=fallback)
    return best if counts.get(best) else fallback


def tag_of(text: str) -> str:
    """The language tag of a text, with the script that it is written in where there are two."""
    language = language_of(text)
    for name, other in facts().items():
        if other.variant is not None and other.variant.of == language:
            sample = text[:_SAMPLE]
            if _changed(sample, other.variant.back) > _VARIANT_SHARE * len(sample):
                return name
    return facts()[language].tag or language


def is_foreign(text: str, tag: str) -> bool:
    """Whether a sentence is certainly in another language, or another script of it, than the tag's.

    Nothing is certain of a language that is not known, nor between two that share their letters.
    """
    known = facts()
    name = tag if tag in known else tag.partition("-")[0]
    variant = known[name].variant if name in known else None
    language = variant.of if variant else name
    if language not in known or not any(c.isalpha() for c in text):
        return False
    guessed = language_of(text)
    if guessed != language and (known[guessed].letters or known[language].letters):
        return True
    if variant is not None:
        return _changed(text, variant.conversion) > _changed(text, variant.back)
    scripts = [other.variant for other in known.values() if other.variant and other.variant.of == language]
    return any(_changed(text, script.back) > _changed(text, script.conversion) for script in scripts)


def _changed(text: str, conversion: str) -> int:
    """How many characters a conversion changes."""
    return sum(a != b for a, b in zip(text, str(_converter(conversion).convert(text)), strict=False))


@lru_cache
def _converter(conversion: str) -> opencc.OpenCC:
    return opencc.OpenCC(conversion)
