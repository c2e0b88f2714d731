"""Word's 字数, by hand-counted examples and by what must hold for every text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values.wordcount import count_all, count_characters, count_words

CHINESE = st.text(alphabet="质量信得过班组湘江，。：（）％、《》", max_size=60)
LATIN = st.text(alphabet="abcXYZ0189.@-%/'", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \u3000\t\n\u200b", 0),
        ("我单位，QC小组2026年", 9),
        ("产品一次合格率98.5%。", 9),
        ("邮箱：qc@example.com", 4),
        ("don’t stop", 2),
        ("“ABC”", 3),
        ("……——", 4),
        ("①②", 2),
        ("（ＡＢ）", 4),
        ("☑攻关型", 4),
        ("2024–2026", 1),
        ("𠀀𠀁", 2),
        ("한국어 사람", 2),
        ("ｶﾅ", 2),
    ],
)
def test_known_counts(text: str, words: int) -> None:
    """Words of examples counted by hand."""
    assert count_words(text) == words


@given(st.text(), st.text())
def test_a_line_break_never_changes_the_sum(first: str, second: str) -> None:
    """A text in two lines counts as the two lines together."""
    assert count_words(f"{first}\n{second}") == count_words(first) + count_words(second)


@given(CHINESE)
def test_chinese_counts_character_by_character(text: str) -> None:
    """Pure Chinese text has as many words as characters."""
    assert count_words(text) == count_characters(text) == len(text)


@given(st.lists(LATIN, max_size=12), st.sampled_from([" ", "\n", "\u3000", "  "]))
def test_latin_counts_by_runs(words: list[str], blank: str) -> None:
    """Every run between blanks is one word, however long."""
    assert count_words(blank.join(words)) == len(words)


@given(st.text())
def test_words_lie_between_nothing_and_characters(text: str) -> None:
    """No text has more words than visible characters, and none is lost."""
    assert count_words(text) <= count_characters(text) <= len(text)
    assert (count_words(text) == 0) == (count_characters(text) == 0)


def test_long_runs_take_linear_time() -> None:
    """A hostile mixture of letters and quotation marks is counted at once."""
    assert count_words("a’" * 200_000) == 2


@given(st.lists(st.text(max_size=8), max_size=6))
def test_many_texts_count_as_one_by_one(texts: list[str]) -> None:
    """Latin and Chinese cells of a worksheet, mixed."""
    assert count_all(texts) == sum(map(count_words, texts))
