"""The simulated schedule: polite always, on time, and less often for feeds that bring little."""

import pytest

from pipelines.simulate import HELD, Simulation, World, main
from transforms.fetch.schedule import DAY


def test_a_world_is_polite_and_on_time() -> None:
    world = World(600, 120, 1)
    told = Simulation(world, 3).run()
    assert told.impolite == 0
    assert told.late[0] < 5
    assert told.late[2] < 120
    assert told.requests >= told.fetches > 600
    assert 0.2 < told.news / told.fetches < 0.9
    assert told.missed < 0.02 * told.entries


def test_the_same_seed_gives_the_same_days() -> None:
    assert Simulation(World(200, 40, 7), 2).run() == Simulation(World(200, 40, 7), 2).run()


def test_rates_are_learnt() -> None:
    world = World(400, 400, 3)
    world.dead = [False] * 400
    simulation = Simulation(world, 5)
    simulation.run()
    busy = [f for f in range(400) if 20 < world.daily[f] < 200 and not world.gone[f] and not world.limiting[f]]
    learnt = [(simulation.rate[f] or 0) * DAY / world.daily[f] for f in busy]
    assert len(busy) > 20
    assert 0.6 < sorted(learnt)[len(learnt) // 2] < 1.6


def test_entries_are_counted_as_published() -> None:
    world = World(50, 50, 2)
    assert sum(world.published(0, 0, DAY) for _ in range(2000)) / 2000 == pytest.approx(world.daily[0], rel=0.1)
    assert world.published(0, 0, 0) == 0
    assert HELD > 0


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--feeds", "100", "--hosts", "20", "--days", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2] == "| feeds, hosts, days | 100, 20, 1 |"
    assert all(line.count("|") == 3 for line in lines)
