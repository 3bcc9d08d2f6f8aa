"""The table of answers says what the ranker says."""

from transforms.arabic import clitics, lexicon


def test_the_table_says_what_the_ranker_says() -> None:
    answers = lexicon.column("words.answers")
    words = list(clitics.counts())
    assert len(answers) == len(words)
    assert not [
        w for w, a in list(zip(words, answers, strict=True))[::37] if a != clitics.write_answer(w, clitics.ranked(w))
    ]


def test_what_is_written_is_read() -> None:
    for word in [*list(clitics.counts())[::151], "وبالقاهرة", "للغة", "لجامعتهم", "بها", "وسيقصفونهم", "كان"]:
        said = clitics.ranked(word)
        read = clitics.read_answer(word, clitics.write_answer(word, said))
        assert [r[:2] for r in read] == [r[:2] for r in said]
        assert len(said) == 1 or all(r.context is s.context for r, s in zip(read, said, strict=True))


def test_a_stem_that_is_no_part_of_the_word_is_left_to_the_ranker() -> None:
    assert clitics.write_answer("لله", clitics.ranked("لله")) == ""
    assert clitics.analyses("لله")[0].division.stem == "الله"
