"""Writes what the ranker says of frequent words: `python -m pipelines.answers`.

One line a word of `transforms/arabic/data/word_counts.tsv`, in its order.  To be run again whenever word counts, word
classes or `models/words.tsv` change; `tests/transforms/arabic/test_answers.py` tells when it was not.
"""

from typing import Final

from transforms.arabic import clitics, lexicon

_HEAD: Final = """\
# What the ranker of words (words.tsv) says of each word of data/word_counts.tsv, in its order: the divisions that the word
# alone leaves open, best first (transforms.arabic.clitics.write_answer). For speed alone. Written by `python -m pipelines.answers`.
answer
"""


def main() -> None:
    """Writes the table into the package."""
    answers = (clitics.write_answer(word, clitics.ranked(word)) for word in clitics.counts())
    text = _HEAD + "".join(f"{answer}\n" for answer in answers)
    lexicon.model_path("words.answers.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
