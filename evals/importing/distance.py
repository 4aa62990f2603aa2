"""Edit distance of two texts."""


def distance(one: str, other: str) -> int:
    """The Levenshtein distance in code points: fewest insertions, deletions and replacements.

    Bit-parallel after Hyyrö (2003), "A bit-vector algorithm for computing Levenshtein and Damerau edit
    distances": one step a character of `other` on integers of `len(one)` bits.
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for index, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << index
    every, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    rising, falling, total = every, 0, len(one)
    for character in other:
        equal = places.get(character, 0)
        vertical = equal | falling
        horizontal = (((equal & rising) + rising) ^ rising) | equal
        up = falling | (~(horizontal | rising) & every)
        down = rising & horizontal
        total += bool(up & last) - bool(down & last)
        up = up << 1 | 1
        down <<= 1
        rising = (down | ~(vertical | up)) & every
        falling = up & vertical & every
    return total
