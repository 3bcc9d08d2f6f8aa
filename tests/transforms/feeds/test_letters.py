"""Lost letters are told from questions."""

import pytest

from transforms.feeds.errors import BadInput
from transforms.feeds.letters import lost_letters

TEXT = (
    "أعلنت وزارة الداخلية العراقية أن قوات الشرطة الاتحادية أوقفت ليلة أمس خمسة مسلحين في مدينة الموصل، وأن المتهمين "
    "نقلوا إلى بغداد. وقال المتحدث باسم الوزارة إن العملية جرت بناء على معلومات دقيقة، وإن التحقيق مستمر حتى الآن."
)
FLAGGED = ("letters-lost",)
WORDS = TEXT.split()


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        (TEXT, ()),
        (TEXT + " قال ال?زير", FLAGGED),
        (TEXT + " ?لوزير", FLAGGED),
        (TEXT + " ماذا؟ من? كيف??", ()),
        (TEXT.replace("ة", "?").replace("ى", "?"), FLAGGED),
        (TEXT.replace("ة", "?"), FLAGGED),
        (TEXT.replace("ة", "\u00bf"), FLAGGED),
        (TEXT.replace("ة", "\u25a1"), FLAGGED),
        (TEXT.replace("ت", "\ufffd"), FLAGGED),
        (TEXT + " وقال إن الأم\ufffdر جيدة", ()),
        (" ".join(w[:-1] + "?" if len(w) > 5 else w for w in WORDS), FLAGGED),
        # Questions: by the interviewer, after a space, one after the other, and with no teh marbuta at all.
        (TEXT + " من? ومتى? وأين? وكيف? ولماذا? وماذا بعد?", ()),
        (TEXT + " ماذا تريدون ? وماذا قال لكم الوزير ?", ()),
        ("هل قال الوزير ذلك أمس? ومتى قال ما قال لهم? وهل صدقه أحد?", ()),
        ("□ وصل الوزير إلى تونس اليوم □ غادر السفير بعد لقاء قصير", ()),
    ],
)
def test_lost_letters_are_flagged_and_questions_are_not(text: str, repairs: tuple[str, ...]) -> None:
    assert lost_letters(text) == repairs


@pytest.mark.parametrize(
    "text",
    [
        " ".join(w[:-1] + "?" if len(w) > 2 else w for w in WORDS),
        " ".join("?" for _ in WORDS),
        " ".join("\u00bf" for _ in WORDS),
        " ".join("\u25a1" for _ in WORDS),
        " ".join("\u25a1" * len(w) for w in WORDS),
        " ".join(w[:1] + "\ufffd" + w[2:] for w in WORDS),
    ],
)
def test_mostly_lost_texts_are_rejected(text: str) -> None:
    with pytest.raises(BadInput, match="letters-lost"):
        lost_letters(text)
