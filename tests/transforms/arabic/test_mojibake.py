"""Mojibake: what was read in a wrong encoding comes out as it was or stays as it is; sound text of any language stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arabic.mojibake import mend
from transforms.arabic.normalize import clean

SENTENCES = (
    "قال وزير الخارجية إن المحادثات مع الجانب التركي ستستمر حتى نهاية الأسبوع، وإن بلاده تريد حلا سياسيا.",
    "قتل خمسة مدنيين وأصيب 12 آخرون في قصف مدفعي على أطراف المدينة؛ ولم تتبن أي جهة الهجوم.",
    "أعلنت وزارة الداخلية العراقية اعتقال ثلاثة مشتبه بهم في محافظة ديالى",
    "هل تنجح الحكومة في إقناع النقابات بالعودة إلى طاولة الحوار؟",
    "استقبل رئيس مجلس النواب اللبناني السفير الفرنسي في بيروت",
    "حلب",
    "اشتباكات في طرابلس",
    "وأكد الرئيس أن القانون يحمي حرية الصحافة وحقوق المواطنين.",
    "ارتفعت أسعار النفط بنسبة 3.5% إلى 75 دولارا للبرميل",
)
SOUND = (
    "Le député a déclaré à l'Élysée que l'œuvre créée à Noël était très achevée. Ça et là, où êtes-vous ?",
    "Die Bundesregierung erklärte, dass größere Änderungen für Köln nötig wären. Öl; Übung; Straße",
    "Türkiye Cumhurbaşkanı İstanbul'da düzenlenen toplantıda görüştüğünü açıkladı. Üçüncü çözüm, öğle",
    "Svenska regeringen säger att åren på ön är över. Å, ä, ö",
    "Áætlun um æðið óæðri er ölæði. Ýmis æfði",
    "Árvíztűrő tükörfúrógép",
    "نویسندهٔ این کتاب می‌گوید که پیش از این چنین گزارشی نبود",
    "ٹھیک ہے، ڈاکٹر نے ’خط‘ پڑھا",
    "ط، ظ؛ ع، غ: حروف. خط… شرط» وسط“ غلط، حظ، ضغط؟",
    "قال «نعم…» ثم مضى",
)
CODES = {
    "windows-1256 as Latin-1": ("cp1256", "latin-1"),
    "UTF-8 as Latin-1": ("utf-8", "latin-1"),
    "UTF-8 as windows-1256": ("utf-8", "cp1256"),
    "ISO-8859-6 as Latin-1": ("iso8859_6", "latin-1"),
    "Mac Arabic as Latin-1": ("mac_arabic", "latin-1"),
    "windows-1256 as Mac Roman": ("cp1256", "mac_roman"),
    "UTF-8 as Mac Roman": ("utf-8", "mac_roman"),
    "Mac Arabic as Mac Roman": ("mac_arabic", "mac_roman"),
}


def as_1252(data: bytes) -> str:
    """As browsers read it: bytes that windows-1252 has not are controls."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


def damaged(text: str, kind: str) -> str:
    if kind == "UTF-8 as windows-1252":
        return as_1252(text.encode())
    if kind == "windows-1256 as windows-1252":
        return as_1252(text.encode("cp1256"))
    if kind == "UTF-8 as windows-1252 twice":
        return as_1252(as_1252(text.encode()).encode())
    right, wrong = CODES[kind]
    return text.encode(right).decode(wrong)


KINDS = [*CODES, "UTF-8 as windows-1252", "windows-1256 as windows-1252", "UTF-8 as windows-1252 twice"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_mended(kind: str) -> None:
    for sentence in SENTENCES:
        if len(sentence) > 4 or kind.startswith("UTF-8"):
            mended = clean(damaged(sentence, kind))
            assert mended.text == sentence
            assert "mojibake" in mended.repairs


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("ÚäæÇä ÇáÃÎÈÇÑ", "عنوان الأخبار"),
        ("Ø§Ù„Ù‚Ø§Ù‡Ø±Ø©", "القاهرة"),
        ("ط§ظ„ظ‚ط§ظ‡ط±ط©", "القاهرة"),
        ("قال الوزير\nÇáÑÆíÓ ÇááÈäÇäí\nوأضاف", "قال الوزير\nالرئيس اللبناني\nوأضاف"),
        ("نشرت «ÇáÃåÑÇã» الخبر", "نشرت «الأهرام» الخبر"),
        ("Le journal ÇáÃåÑÇã a été créé", "Le journal الأهرام a été créé"),
        ("قال â€œ Ø§Ù„ÙˆØ²ÙŠØ±â€\x9d اليوم", "قال “ الوزير” اليوم"),
        ("وزارة ط§ظ„ط¯ظپط§ط¹ أعلنت", "وزارة الدفاع أعلنت"),
    ],
)
def test_a_broken_part_is_mended_alone(broken: str, text: str) -> None:
    assert clean(broken) == (text, ("mojibake",))


@pytest.mark.parametrize(
    "text",
    [
        "Ø§Ù„Ù\ufffdØ§Ø¦Ø² ÙˆØµÙ„",  # a letter was lost
        "ØØØ ÙÙÙ",
        "ÇáÈ",
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß",
    ],
)
def test_what_is_not_certain_stays(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize("text", [*SENTENCES, *SOUND])
def test_sound_text_stays(text: str) -> None:
    for part in (text, text.upper(), *text.split()):
        assert mend(part) == part


@given(st.lists(st.sampled_from(SOUND + SENTENCES), min_size=1, max_size=4), st.sampled_from(" \n"))
def test_sound_texts_beside_one_another_stay(parts: list[str], between: str) -> None:
    text = between.join(parts)
    assert mend(text) == text


@given(
    st.lists(st.sampled_from([w for s in SENTENCES for w in s.split()]), min_size=1, max_size=12),
    st.sampled_from(KINDS),
)
def test_words_come_out_as_they_were_or_stay(words: list[str], kind: str) -> None:
    text = " ".join(words)
    broken = damaged(text, kind)
    assert mend(broken) in (text, broken, text.replace("\u00a0", " "))


@given(st.text(alphabet="ØÙÇáÚÑÈ§„‡ط§ظâ€œ¬\x81\x00\u200f قال a.\n«ÿß", max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once.text) == (once.text, ())


@pytest.mark.parametrize("piece", ["Ø§", "ط§", "ÇáÈ ", "ÃÂ", "ط،", "ÿß", "Ø a", "«·⁄", "Ã˜Â§"])
def test_time_grows_with_the_text_only(piece: str) -> None:
    started = time.process_time()
    mend("قال " + piece * 50_000)
    mend(piece * 50_000 + "é")
    assert time.process_time() - started < 20
