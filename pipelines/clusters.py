"""Groups words by the company they keep: `python -m pipelines.clusters --corpus FILE.jsonl.gz ... --out TABLE.tsv`.

Articles are JSON lines with `title` and `text`.  Each frequent word gets a vector (positive pointwise mutual information
with the two words on either side, each position apart, reduced by a truncated SVD), the vectors are grouped by k-means at
several sizes, and the table holds the group numbers: no text.  The same corpus gives the same table.
Needs numpy, scipy and scikit-learn (extra `train`).
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from transforms.arabic.characters import LETTERS, normal_form
from transforms.arabic.clusters import without_proclitics

_WORD: Final = re.compile(rf"[{LETTERS}]+|[^\W\d_]+|\d+|[^\s\w]")
#: Numbers of groups, coarse to fine.
SIZES: Final = (64, 320, 1600)
_NUMBER: Final = re.compile(r"\d+")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.clusters", description="Group words by their neighbours.")
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, help="articles, JSON lines, gzip or plain")
    parser.add_argument("--out", type=Path, required=True, help="the table to write")
    parser.add_argument("--min-count", type=int, default=8, help="leave out words seen less often")
    parser.add_argument("--contexts", type=int, default=12000, help="how many neighbours are told apart")
    parser.add_argument("--dimensions", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    build(
        sorted(options.corpus),
        options.out,
        min_count=options.min_count,
        contexts=options.contexts,
        dimensions=options.dimensions,
        seed=options.seed,
    )


def build(corpus: Sequence[Path], out: Path, *, min_count: int, contexts: int, dimensions: int, seed: int) -> None:
    """Writes the table of words, their frequency class and their groups."""
    lines = [line for path in corpus for line in sentences(path)]
    counts, bare = counted(lines)
    vocabulary = [w for w, c in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if c >= min_count]
    vectors = _vectors(lines, bare, vocabulary, min(contexts, len(vocabulary)), dimensions, seed)
    groups = [_groups(vectors, size, seed) for size in SIZES if size < len(vocabulary)]
    known = [(w, i) for i, w in enumerate(vocabulary) if w[0].isalpha()]
    with out.open("w", encoding="utf-8", newline="\n") as table:
        table.write(
            "# Words grouped by their neighbours; made by `python -m pipelines.clusters` (names.card.md). No text.\n"
        )
        table.write("word\tclass\tgroups\n")
        for word, i in sorted(known):
            table.write(f"{word}\t{counts[word].bit_length()}\t{' '.join(str(g[i]) for g in groups)}\n")


def counted(lines: Iterable[Sequence[str]]) -> tuple[Counter[str], dict[str, str]]:
    """How often each word stands, proclitics left out, and of each spelling the word."""
    plain = Counter(word for line in lines for word in line)
    ranks = {word: rank for rank, (word, _) in enumerate(sorted(plain.items(), key=lambda p: (-p[1], p[0])))}
    bare = {word: without_proclitics(word, ranks) for word in ranks}
    counts: Counter[str] = Counter()
    for word, count in plain.items():
        counts[bare[word]] += count
    return counts, bare


def sentences(path: Path) -> Iterator[list[str]]:
    """Titles and paragraphs of a corpus file as words in normal form, numbers as 0."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            for part in (article.get("title"), *(article.get("text") or "").split("\n")):
                if part:
                    yield _WORD.findall(_NUMBER.sub("0", normal_form(part)))


def _vectors(
    lines: Sequence[Sequence[str]],
    bare: dict[str, str],
    vocabulary: Sequence[str],
    contexts: int,
    dimensions: int,
    seed: int,
) -> Any:
    """A vector of length 1 for each word of the vocabulary."""
    import numpy as np
    from scipy.sparse import csr_matrix

    number = {word: i for i, word in enumerate(vocabulary)}
    numbers = {word: number.get(stem, -1) for word, stem in bare.items()}
    flat: list[int] = []
    for line in lines:
        flat.extend(numbers[word] for word in line)
        flat.extend((-2, -2))
    ids = np.array(flat, dtype=np.int64)
    total = None
    for place, step in enumerate((-2, -1, 1, 2)):
        left = ids[max(0, -step) : len(ids) - max(0, step)]
        right = ids[max(0, step) : len(ids) - max(0, -step)]
        keep = (left >= 0) & (right < contexts) & (right != -1)
        column = np.where(right[keep] == -2, contexts, right[keep]) + place * (contexts + 1)
        shape = (len(vocabulary), 4 * (contexts + 1))
        part = csr_matrix((np.ones(keep.sum(), dtype=np.float64), (left[keep], column)), shape=shape)
        total = part if total is None else total + part
    return reduced(total, dimensions, seed)


def reduced(counts: Any, dimensions: int, seed: int) -> Any:
    """Vectors of length 1 from a sparse table of words by contexts: positive mutual information, truncated SVD."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize
    from sklearn.utils.extmath import randomized_svd

    matrix = counts.tocoo()
    rows = np.asarray(counts.sum(axis=1)).ravel()
    columns = np.asarray(counts.sum(axis=0)).ravel() ** 0.75
    columns = columns / columns.sum()
    value = np.log(matrix.data / (rows[matrix.row] * columns[matrix.col]))
    keep = value > 0
    positive = csr_matrix((value[keep], (matrix.row[keep], matrix.col[keep])), shape=counts.shape)
    u, s, _ = randomized_svd(positive, n_components=dimensions, n_iter=3, random_state=seed)
    return normalize(u * np.sqrt(s))


def _groups(vectors: Any, size: int, seed: int) -> list[int]:
    from sklearn.cluster import KMeans

    # words of less weight come last in the vocabulary: centres are learnt on the frequent half
    learnt = KMeans(size, n_init=1, max_iter=25, random_state=seed).fit(vectors[: max(size + 1, len(vectors) // 2)])
    return [int(g) for g in learnt.predict(vectors)]


if __name__ == "__main__":
    main()
