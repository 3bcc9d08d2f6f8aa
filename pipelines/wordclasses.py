"""Lists verb forms and adjectives: `python -m pipelines.wordclasses --corpus FILE.jsonl.gz ... --morphology DB.xz --out FOLDER`.

An adjective is a word that, with the article, mostly follows another word with the article: 96 % of المسلحة do, 2 % of
الشرطة (nouns follow indefinite ones). A verb is a frequent word of the corpus where the morphology has it as a verb and the words before it are rather those that
stand before verbs (أن، قد، لم، التي, the sentence's beginning) than those before nouns (prepositions). The same
inputs give the same lists.
"""

import argparse
import functools
import lzma
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.clusters import sentences
from transforms.arabic.lexicon import table
from transforms.arabic.phrases import word_classes
from transforms.engines.cameldata import camel_module

#: So many of a word's clear neighbours speak for a verb at least; chosen on the labelled phrases (docs/accuracy.md).
SHARE: Final = 0.6

HEAD: Final = """\
# Verb forms of newswire without و and ف, in normal form (transforms.arabic.characters): words of the corpus that the
# morphology knows as verbs and whose neighbours say so. Made by pipelines.wordclasses.
# Source: CAMeL Morph MSA (CC BY 4.0, CAMeL Lab, New York University Abu Dhabi) for what can be a verb; counts of
# neighbouring words in Arabic news (no text of it).
"""
#: So many definite occurrences of an adjective follow a definite word at least.
FOLLOWS: Final = 0.4
ADJECTIVES_HEAD: Final = """\
# Adjectives of newswire without the article, in normal form (transforms.arabic.characters): words that, with the article,
# mostly follow a word with the article. Made by pipelines.wordclasses.
# Source: counts of neighbouring words in Arabic news (no text of it).
"""


@functools.cache
def heralds(kind: str) -> frozenset[str]:
    """The words that a `verb` or a `noun` follows; `^`, the beginning of a line, is one of those before verbs."""
    found = (row["word"] for row in table("neighbours") if row["before"] == kind)
    return frozenset([*found, "^"] if kind == "verb" else found)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.wordclasses", description="List verb forms and adjectives.")
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, help="articles, JSON lines, gzip or plain")
    parser.add_argument(
        "--morphology", type=Path, required=True, help="a camel-tools morphology database, .xz or plain"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of verb_forms.tsv and adjectives.tsv")
    parser.add_argument("--min-count", type=int, default=12, help="leave out words seen less often")
    options = parser.parse_args(argv)
    lines = [line for path in sorted(options.corpus) for line in sentences(path)]
    counts, shares = neighbours(lines)
    common = sorted(
        w
        for w, n in counts.items()
        if n >= options.min_count and shares.get(w, 0) >= SHARE and not nominal(w, counts) and w not in word_classes()
    )
    verbs = known_verbs(common, options.morphology)
    for name, head, found in (
        ("verb_forms", HEAD, verbs),
        ("adjectives", ADJECTIVES_HEAD, adjectives(lines, options.min_count)),
    ):
        (options.out / f"{name}.tsv").write_text(head + "word\n" + "".join(f"{word}\n" for word in found), "utf-8")


def neighbours(lines: Iterable[Sequence[str]]) -> tuple[Counter[str], dict[str, float]]:
    """How often each word stands, and which share of what stands before it speaks for a verb; both without و and ف."""
    counts: Counter[str] = Counter()
    verbal: Counter[str] = Counter()
    nominal: Counter[str] = Counter()
    for line in lines:
        before = "^"
        for word in line:
            bare = word[1:] if word[:1] in "وف" and len(word) > 3 else word
            if bare[:1].isalpha():
                counts[bare] += 1
                verbal[bare] += before in heralds("verb")
                nominal[bare] += before in heralds("noun")
            before = word if word[:1].isalpha() else "^" if word in ".؟!:" else before
    return counts, {w: verbal[w] / (verbal[w] + nominal[w]) for w in counts if verbal[w] + nominal[w] >= 3}


def adjectives(lines: Iterable[Sequence[str]], least: int) -> list[str]:
    """The words, without article, that stand definite `least` times and then mostly after another definite word."""
    counts: Counter[str] = Counter()
    follows: Counter[str] = Counter()
    for line in lines:
        before = ""
        for word in line:
            if word.startswith("ال") and len(word) > 4:
                counts[word[2:]] += 1
                follows[word[2:]] += before.startswith(("ال", "وال", "بال", "لل", "كال", "فال"))
            before = word
    return sorted(w for w, n in counts.items() if n >= least and follows[w] >= FOLLOWS * n)


def nominal(word: str, counts: Mapping[str, int]) -> bool:
    """Whether the article speaks for a noun: `الشاحنه` stands with it, also as `بالشاحنه`; `التقي` does not."""
    if word.startswith("ال"):
        rest = word[2:]
        return counts[rest] * 5 >= counts[word] or any(counts[c + rest] for c in ("لل", "بال", "كال"))
    return counts["ال" + word] * 4 >= counts[word]


def known_verbs(words: Sequence[str], database: Path) -> list[str]:
    """The words that the morphology can read as a verb without proclitics; for it letters may lack their hamza."""
    analyze = analyzer(database)
    found = []
    for word in words:
        for spelled in spellings(word):
            if any(a["pos"] == "verb" and a.get("prc2") in ("0", None, "na") for a in analyze(spelled)):
                found.append(word)
                break
    return found


def analyzer(database: Path) -> Callable[[str], list[dict[str, Any]]]:
    """Gives the analyses of a word by a camel-tools morphology database, .xz or plain."""
    with tempfile.TemporaryDirectory() as folder:
        database_module = camel_module("camel_tools.morphology.database")
        analyzer_module = camel_module("camel_tools.morphology.analyzer")
        plain = Path(folder) / "morphology.db"
        plain.write_bytes(lzma.decompress(database.read_bytes()) if database.suffix == ".xz" else database.read_bytes())
        found: Any = analyzer_module.Analyzer(database_module.MorphologyDB(str(plain), "a"))
    analyze: Callable[[str], list[dict[str, Any]]] = found.analyze
    return analyze


def spellings(norm: str) -> list[str]:
    """What a normal form can be written as: its own letters, a final ya, hamza on the first letter."""
    found = [norm]
    if norm.endswith("ي"):
        found.append(norm[:-1] + "ى")
    if norm.startswith("ا"):
        found += ["أ" + f[1:] for f in found] + ["إ" + f[1:] for f in found]
    return found


if __name__ == "__main__":
    main()
