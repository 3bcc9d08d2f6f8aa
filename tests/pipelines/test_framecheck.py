"""How frames are measured on labelled articles."""

from pipelines.framecheck import Seen, agreement, coverage, governed
from transforms.arabic.clauses import Around

# دعا المبعوث الأطراف إلى وقف القصف، and an event whose trigger no list has.
CALL = Seen(
    {"type": "REQUEST", "status": "actual"}, "دعا", True, Around({1: ("subvso",), 2: ("obj",)}, ()), {1: "A", 2: "T"}, None
)  # fmt: skip
STOP = Seen(
    {"type": "RETREAT", "status": "hypothetical"}, "وقف", False,
    Around({1: ("gsubvso",), 2: ("gobj",), 5: ("i1",)}, ((0, "الي"),)), {1: "-", 2: "A", 5: "-"}, ("دعا", True),
)  # fmt: skip
OTHER = Seen(
    {"type": "ASSAULT", "status": "actual"}, "شجره", False, Around({}, ((3, ""),)), {}, ("شجره", False)
)  # fmt: skip


def test_coverage() -> None:
    found = coverage([CALL, STOP, OTHER])
    assert found == {"triggers": 3, "with frame": 0.667, "ASSAULT": 0.0, "REQUEST": 1.0, "RETREAT": 1.0}


def test_agreement_leaves_governors_out() -> None:
    assert agreement([CALL, STOP, OTHER]) == {
        "frame says -": {"-": 1},
        "frame says A": {"A": 1},
        "frame says T": {"T": 1},
    }


def test_governed() -> None:
    assert governed([CALL, STOP, OTHER]) == {
        "governors": 2,
        "listed": 0.5,
        "with this link": 0.5,
        "roles": {"-": {"-": 1}, "A": {"A": 1}},
        "status": {"hypothetical": {"hypothetical": 1}},
        "unlisted": {"شجره": 1},
    }
