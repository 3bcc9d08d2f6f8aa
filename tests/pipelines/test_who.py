"""The scorers of places and actors, on an article written here."""

from pipelines.who import score_actors, score_places

TEXT = "قصفت طائرات تركية مدينة عفرين."


def article() -> dict[str, object]:
    def span(words: str) -> list[int]:
        return [TEXT.index(words), TEXT.index(words) + len(words)]

    event = {
        "type": "ASSAULT", "place": "عفرين", "place_span": span("عفرين"), "country": "SYR", "actor_span": span("طائرات تركية"),
        "actor_country": "TUR", "actor_sector": "MIL", "target_span": span("مدينة عفرين"), "target_country": "IRQ",
        "target_sector": None,
    }  # fmt: skip
    entities = [{"type": "NORP", "span": span("تركية")}, {"type": "LOC", "span": span("عفرين")}]
    return {"text": TEXT, "date": "2018-02-01", "entities": entities, "events": [event, event]}


def test_places_count_once_an_event_and_once_an_article() -> None:
    assert str(score_places([article()])) == "events 1.000 of 2, distinct 1.000 of 1"


def test_actors_count_what_gold_has() -> None:
    score = score_actors([article()])
    assert str(score) == "actor country 1.000 of 2, actor sector 1.000 of 2, target country 0.000 of 2"
    assert score.wrong == ["country مدينة عفرين IRQ SYR"] * 2
