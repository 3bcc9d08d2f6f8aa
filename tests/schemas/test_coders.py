"""Coders give back what they took, byte for byte the same each time, and Beam uses them."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import apache_beam as beam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from schemas.coders import DocumentCoder, Outcome, RecordCoder
from schemas.document import Document
from schemas.event import Event
from schemas.item import Item, RawInput
from schemas.mention import Mention
from schemas.quote import Quote
from schemas.reject import Reject
from schemas.sentence import Sentence
from schemas.tables import TABLES
from schemas.token import Token
from tests.eager import results

RECORDS = [*TABLES.values(), RawInput, Item]
RAW = RawInput(input="a", format="text", payload=b"x", modified_at=datetime(2020, 1, 1, tzinfo=UTC))
ARTICLE = Article(
    article_id="i", version_id="v", source="s", text="خبر", language="ar", published_rule="none",
    fetched_at=datetime(2020, 1, 1, tzinfo=UTC), run_id="r", analyzer_version="a",
)  # fmt: skip
SENTENCE = Sentence(version_id="v", sentence_index=0, start=0, end=3, text="خبر", run_id="r", analyzer_version="a")


@pytest.mark.parametrize("record", RECORDS)
@given(data=st.data())
def test_round_trip(records, record, data):
    row = data.draw(records(record, surrogates=True))
    coder = RecordCoder(record)
    encoded = coder.encode(row)
    assert coder.decode(encoded) == row
    assert pickle.loads(pickle.dumps(coder)).encode(pickle.loads(pickle.dumps(row))) == encoded


@given(data=st.data())
def test_document_round_trip(records, data):
    article = data.draw(records(Article, surrogates=True))
    own = {"run_id": article.run_id, "analyzer_version": article.analyzer_version}
    shared = own | {"version_id": article.version_id}

    def layer(record, given):
        return tuple(data.draw(st.lists(records(record, surrogates=True, **given), max_size=2)))

    document = Document(
        article=article,
        order=data.draw(st.text()),
        input_hash="h",
        sentences=layer(Sentence, shared),
        mentions=layer(Mention, shared),
        quotes=layer(Quote, shared),
        events=layer(Event, shared),
        rejects=layer(Reject, own),
    )
    assert DocumentCoder().decode(DocumentCoder().encode(document)) == document


def test_document_drops_tokens():
    token = Token(0, 3, "word", "خبر", "خبر", (), "خبر", "", 0)
    document = Document(article=ARTICLE, sentences=(SENTENCE,), tokens=((token,),))
    assert DocumentCoder().decode(DocumentCoder().encode(document)).tokens == ()


@pytest.mark.parametrize("field", ["version_id", "run_id", "analyzer_version"])
def test_a_row_of_another_article_is_refused(field):
    document = Document(article=ARTICLE, sentences=(replace(SENTENCE, **{field: "other"}),))
    with pytest.raises(ValueError, match=rf"Sentence\.{field}: 'other' differs from the article's"):
        DocumentCoder().encode(document)


@pytest.mark.parametrize("record", [*RECORDS, Document])
def test_registered_and_fit_for_keys(record):
    coder = beam.coders.registry.get_coder(record)
    assert isinstance(coder, DocumentCoder if record is Document else RecordCoder)
    assert coder.to_type_hint() is record
    assert coder.as_deterministic_coder("test") is coder
    assert pickle.loads(pickle.dumps(coder)) == coder
    assert hash(pickle.loads(pickle.dumps(coder))) == hash(coder)


def test_coders_of_two_classes_differ():
    assert RecordCoder(Item) != RecordCoder(RawInput)
    assert RecordCoder(Item) != DocumentCoder()


def test_equal_records_give_equal_bytes():
    cairo = RAW.modified_at.astimezone(timezone(timedelta(hours=2)))
    coder = RecordCoder(RawInput)
    assert coder.encode(replace(RAW, modified_at=cairo)) == coder.encode(RAW)
    mention = Mention(
        mention_id="m", version_id="v", sentence_index=0, start=0, end=1, text="x", norm="x", type="LOC",
        engine="rules", lat=0.0, run_id="r", analyzer_version="a",
    )  # fmt: skip
    coder = RecordCoder(Mention)
    assert coder.encode(replace(mention, lat=-0.0)) == coder.encode(mention) == coder.encode(replace(mention, lat=0))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (replace(RAW, payload=None), r"RawInput\.payload: cannot encode None"),
        (replace(RAW, input=3), r"RawInput\.input: cannot encode 3"),
        (replace(RAW, modified_at=datetime(2020, 1, 1)), r"RawInput\.modified_at: .* no time zone"),
        (SENTENCE, r"is no RawInput"),
    ],
)
def test_values_that_a_column_cannot_hold_are_refused(row, message):
    with pytest.raises(ValueError, match=message):
        RecordCoder(RawInput).encode(row)


def test_a_time_is_no_day():
    event = Mention(
        mention_id="m", version_id="v", sentence_index=0, start=0, end=1, text="x", norm="x", type="DATE",
        engine="rules", date_start=date(2020, 1, 1), run_id="r", analyzer_version="a",
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"Mention\.date_start: .* not a day"):
        RecordCoder(Mention).encode(replace(event, date_start=datetime(2020, 1, 1, tzinfo=UTC)))


def test_other_bytes_are_refused():
    coder = RecordCoder(RawInput)
    encoded = coder.encode(RAW)
    with pytest.raises(ValueError, match="the value ends at"):
        coder.decode(encoded + b"\0")
    for size in range(len(encoded)):
        with pytest.raises(ValueError, match="early"):
            coder.decode(encoded[:size])


def test_group_by_key_with_records_as_keys():
    other = replace(RAW, input="b")
    pairs = [(RAW, SENTENCE), (other, SENTENCE), (replace(RAW), replace(SENTENCE, start=1))]
    grouped = {key: sorted(row.start for row in rows) for key, rows in results(pairs, beam.GroupByKey())}
    assert grouped == {RAW: [0, 1], other: [0]}


def test_documents_pass_a_shuffle():
    document = Document(article=ARTICLE, sentences=(SENTENCE,))
    assert [(k, list(v)) for k, v in results([(ARTICLE, document)], beam.GroupByKey())] == [(ARTICLE, [document])]


@pytest.mark.parametrize("text", ["\ud800", "خ\udfffبر", "\ud800\udc00", "\U00010000", ""])
def test_lone_surrogates_survive(text):
    coder = RecordCoder(RawInput)
    assert coder.decode(coder.encode(replace(RAW, input=text))).input == text


def test_another_process_reads_the_bytes_alike():
    document = Document(article=ARTICLE, sentences=(SENTENCE,), order="a#1", input_hash="h")
    script = (
        "import sys, apache_beam\n"
        "from schemas.coders import DocumentCoder\n"
        "from schemas.document import Document\n"
        "coder = apache_beam.coders.registry.get_coder(Document)\n"
        "document = coder.decode(sys.stdin.buffer.read())\n"
        "assert type(document) is Document and document.article.text == 'خبر', document\n"
        "sys.stdout.buffer.write(DocumentCoder().encode(document))\n"
    )
    encoded = DocumentCoder().encode(document)
    environment = os.environ | {"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", script], input=encoded, capture_output=True, env=environment)
    assert (done.returncode, done.stdout) == (0, encoded), done.stderr.decode()


def test_outcomes_pass_a_shuffle_without_pickles():
    reject = Reject(
        reject_id="j", stage="parse", reason="json", detail="d", input="i#1", raw=b"x",
        fetched_at=ARTICLE.fetched_at, run_id="r", analyzer_version="a",
    )  # fmt: skip
    document = Document(article=ARTICLE, sentences=(SENTENCE,))
    hint = beam.typehints.Tuple[beam.typehints.Tuple[str, int], Outcome]
    coder = beam.coders.registry.get_coder(hint)
    assert [coder.decode(coder.encode((("d", 0), x)))[1] for x in (reject, document)] == [reject, document]
    assert [c.__class__.__name__ for c in coder.coders()][1] == "OutcomeCoder"
