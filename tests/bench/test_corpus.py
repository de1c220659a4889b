"""The corpus: the same by seed, true to itself, as varied as promised, and scored so that a torn value is seen."""

import re

import numpy as np
import pytest

from chalicelib.kernel.civil_id import parse_civil_id
from ocr.training.typefaces import MEASURING
from samples.corpus.pages import make
from samples.corpus.papers import patterns
from samples.corpus.scoring import Score
from samples.corpus.typefaces import FOLDER, TYPEFACES
from samples.corpus.values import Values
from samples.papers.script import ASCII, numbers

HAS_TYPEFACES = all((FOLDER / face.package).is_dir() for face in TYPEFACES)


def test_there_are_more_than_two_hundred_different_sentences_and_every_slot_can_be_filled() -> None:
    sentences = [sentence for kind in patterns().values() for sentence in kind]
    assert len(set(sentences)) == len(sentences) > 200
    values = Values(np.random.default_rng(1), is_indic=True)
    assert not [filled for filled in map(values.fill, sentences) if re.search("[{}]", filled)]


@pytest.mark.parametrize("is_indic", [True, False])
def test_civil_ids_are_valid_and_digits_are_of_one_kind(is_indic: bool) -> None:
    values = Values(np.random.default_rng(2), is_indic)
    for _ in range(200):
        number = values.civil_id()
        assert number.isascii() != is_indic
        assert parse_civil_id(number) == number.translate(ASCII)


def test_typefaces_are_those_that_training_leaves_out() -> None:
    assert all(face.family.startswith(MEASURING) for face in TYPEFACES)


@pytest.mark.skipif(
    not HAS_TYPEFACES, reason="the typefaces are not fetched: python -m samples.corpus fetches them"
)
def test_a_page_is_the_same_by_its_seed_and_its_fields_stand_in_its_text() -> None:
    first, again = (next(make(1, 5, ["receipt"])) for _ in range(2))
    assert first == again
    assert first.numbers == [number for line in first.lines for number in numbers(line)]
    assert first.fields
    assert all(value in first.text for _, value in first.fields)


def test_a_value_is_right_only_whole_and_only_once() -> None:
    score = Score()
    truth = "الهاتف: ٢٢٣٣٤٤٥٥ العدد: ٤٥ العدد: ٤٥"
    fields = [("الهاتف", "٢٢٣٣٤٤٥٥"), ("العدد", "٤٥"), ("العدد", "٤٥")]
    score.add("الهاتف: 22334 455 العدد: 45", truth, fields)
    assert (score.fields_right, score.fields) == (1, 3)
    score.add(truth, truth, fields)
    assert (score.fields_right, score.fields, score.numbers_right, score.numbers) == (4, 6, 4, 6)
