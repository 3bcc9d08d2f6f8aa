"""The list of inflected forms of governing verbs."""

from pipelines.verbforms import candidates, forms
from transforms.arabic.lexicon import table


def reading(lex: str, **other: str) -> dict[str, str]:
    return {"pos": "verb", "asp": "p", "prc1": "0", "prc2": "0", "prc3": "0", "lex": lex} | other


def test_forms_of_known_lemmas_without_proclitics() -> None:
    analyses = {
        "يهدد": [reading("هَدَّد", asp="i"), reading("هَدّ", asp="i")],
        "فهدد": [reading("هَدَّد", prc2="fa_conj")],
        "سيهدد": [reading("هَدَّد", prc1="sa_fut")],
        "افهدد": [reading("هَدَّد", prc3="0a_ques")],
        "هددوا": [reading("هَدَّد", asp="c")],
        "نفي": [reading("نَفَى"), reading("نَفْي", pos="noun")],
    }
    found = forms(sorted(analyses), frozenset(("هدد", "نفي")), lambda word: analyses[word])
    assert found == {"يهدد": ["هدد"], "نفي": ["نفي"]}


def test_the_list_is_of_these_lemmas_and_words() -> None:
    rows = table("governor_verbs")
    assert {row["form"] for row in rows} <= set(candidates())
    assert {"اعلنت", "يدعو", "تدعي", "رفضوا"} <= {row["form"] for row in rows}
