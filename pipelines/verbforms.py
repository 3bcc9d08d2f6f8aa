"""Lists the inflected forms of governing verbs: `python -m pipelines.verbforms --morphology DB.xz --out governor_verbs.tsv`.

A form is a word of word_counts.tsv, with or without what may be و ف س before it, that the morphology reads as a verb of
governors.tsv; commands are left out, news has none. The same inputs give the same list.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.wordclasses import analyzer
from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import numbers, table

HEAD: Final = """\
# Inflected forms of the verbs of governors.tsv that news has, in normal form, without و ف س; lemmas parted by spaces.
# Made by pipelines.verbforms from word_counts.tsv and CAMeL Morph MSA (LREC-COLING 2024 release, CAMeL-Lab/camel_morph 15f5aed),
# CC BY 4.0: the forms whose analysis has such a lemma.
"""
#: Words seen less often are left out: twice the binary logarithm of 8.
LEAST: Final = 6
_ABSENT: Final = ("0", "na", None)
#: The last of them is the hamza of questions, which would make `أفرجت` a form of رجا.
_PROCLITICS: Final = ("prc1", "prc2", "prc3")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.verbforms", description="List the forms of governing verbs.")
    parser.add_argument(
        "--morphology", type=Path, required=True, help="a camel-tools morphology database, .xz or plain"
    )
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    options = parser.parse_args(argv)
    lemmas = frozenset(normal_form(row["word"]) for row in table("governors") if row["kind"] == "verb")
    found = forms(candidates(), lemmas, analyzer(options.morphology))
    rows = "".join(f"{form}\t{' '.join(found[form])}\n" for form in sorted(found))
    options.out.write_text(f"{HEAD}form\tlemmas\n{rows}", "utf-8")


def candidates() -> list[str]:
    """The words of news, and what remains of them after و ف س, sorted."""
    words = {normal_form(word) for word, count in numbers("word_counts").items() if count >= LEAST}
    bare = words | {word[1:] for word in words if word[0] in "وف"}
    return sorted(w for w in bare | {word[1:] for word in bare if word[:1] == "س"} if len(w) > 1)


def forms(
    words: Iterable[str], lemmas: frozenset[str], analyze: Callable[[str], list[dict[str, Any]]]
) -> dict[str, list[str]]:
    """Of each word that is a form of a lemma without proclitics those lemmas, sorted; all in normal form.

    >>> said = {"pos": "verb", "asp": "p", "prc1": "0", "prc2": "0", "lex": "قَال"}
    >>> forms(["قالت", "قد"], frozenset(["قال"]), lambda word: [said] if word == "قالت" else [])
    {'قالت': ['قال']}
    """
    found: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for analysis in analyze(word):
            bare = all(analysis.get(place) in _ABSENT for place in _PROCLITICS)
            if analysis["pos"] == "verb" and analysis["asp"] != "c" and bare:
                lemma = normal_form(str(analysis["lex"]))
                if lemma in lemmas:
                    found[word].add(lemma)
    return {word: sorted(held) for word, held in found.items()}


if __name__ == "__main__":
    main()
