"""The sums give CRFsuite's own labels and probabilities."""

import pycrfsuite
import pytest

from transforms.arabic.lexicon import model_path
from transforms.arabic.tokens import tokenize
from transforms.engines.additive import AdditiveModel
from transforms.engines.name_features import features, word_of


def test_labels_and_probabilities_are_crfsuites() -> None:
    path = str(model_path("names.crfsuite"))
    lines = ["التقى وزير الخارجية الروسي سيرغي لافروف نظيره في دمشق.", "لا", "وقال لافروف إن داعش أطلق صواريخ على حلب"]
    sentences = [tokenize(line) for line in lines]
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    decoded = AdditiveModel(path).decode([[word_of(t) for t in tokens] for tokens in sentences])
    for row, (labels, chances) in zip(features(sentences), decoded, strict=True):
        assert labels == tagger.tag(row)
        assert chances == pytest.approx([tagger.marginal(label, i) for i, label in enumerate(labels)], abs=1e-3)


def test_nothing_in_nothing_out() -> None:
    assert AdditiveModel(str(model_path("names.crfsuite"))).decode([[], []]) == [([], []), ([], [])]
