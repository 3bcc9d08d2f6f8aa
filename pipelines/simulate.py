"""simulate: the watcher's schedule on a virtual clock: many feeds on many hosts for days, without a network.

`python -m pipelines.simulate --feeds 100000 --hosts 20000 --days 7`.  Intervals, back-off and politeness are those of
`transforms.fetch`; hosts, publishing and failures are made up (`World`): they say how a schedule behaves, not how the
Arabic web does.
"""

import argparse
import heapq
import math
import resource
import tempfile
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from pipelines.optionvalues import Parser, whole
from pipelines.watch import IN_ALL, PER_HOST
from schemas.fetch import Fetch
from schemas.identity import digest
from transforms.fetch.crew import IN_FLIGHT
from transforms.fetch.politeness import AT_ONCE, BETWEEN, JITTER
from transforms.fetch.schedule import DAY, FIRST, interval_of, jittered, rate_after, wait_after_failure
from transforms.lake.fetches import STATE, newest, state_table
from transforms.lake.staging import parquet

#: Articles a second that one process analyses beside fetching: measured on a busy machine (docs/operations.md).
ANALYSED: Final = 60.0
#: Entries that a feed holds: what comes beyond between two fetches is missed.
HELD: Final = 30
#: A host with fewer feeds is a small one.
SMALL: Final = 50
#: Shares of feeds and hosts, and times in seconds, of the made-up world.
GONE, MOVED, DEAD, LIMITING, HICCUPS = 0.03, 0.05, 0.02, 0.01, 0.01
OUTAGE_EVERY, OUTAGE_MEDIAN = 10 * DAY, 3600.0


class World:
    """Hosts with feeds on them: a few have hundreds, most have a few; publishers sleep at night."""

    def __init__(self, feeds: int, hosts: int, seed: int) -> None:
        self.chance = chance = Random(seed)
        weights = [chance.paretovariate(1.2) for _ in range(hosts)]
        self.host = list(range(min(hosts, feeds)))
        # No host has more feeds than could be asked a few times a day each.
        room = Counter(dict.fromkeys(range(hosts), 999))
        for host in chance.choices(range(hosts), weights, k=max(0, feeds - hosts)):
            while not room[host]:
                host = chance.randrange(hosts)
            room[host] -= 1
            self.host.append(host)
        self.daily = [min(chance.lognormvariate(math.log(4), 1.5), 600.0) for _ in range(feeds)]
        self.gone = [chance.random() < GONE for _ in range(feeds)]
        self.moved = [chance.random() < MOVED for _ in range(feeds)]
        self.dead = [chance.random() < DEAD for _ in range(hosts)]
        self.limiting = [chance.random() < LIMITING for _ in range(hosts)]
        #: Of each host when its next outage begins and ends.
        self.outage = [self._outage(0.0) for _ in range(hosts)]

    def _outage(self, after: float) -> tuple[float, float]:
        start = after + self.chance.expovariate(1 / OUTAGE_EVERY)
        return start, start + self.chance.lognormvariate(math.log(OUTAGE_MEDIAN), 1.5)

    def down(self, host: int, now: float) -> bool:
        """Whether the host does not answer."""
        if self.dead[host]:
            return True
        while self.outage[host][1] < now:
            self.outage[host] = self._outage(self.outage[host][1])
        return self.outage[host][0] <= now

    def published(self, feed: int, since: float, until: float) -> int:
        """How many entries the feed got in the time."""

        def at(moment: float) -> float:
            # The integral of 1 - .8 cos: five hours of night with little, days with much.
            return moment - 0.8 * DAY / math.tau * math.sin(math.tau * moment / DAY)

        expected = self.daily[feed] * (at(until) - at(since)) / DAY
        return self._poisson(expected)

    def _poisson(self, expected: float) -> int:
        if expected > 50:
            return max(0, round(self.chance.gauss(expected, math.sqrt(expected))))
        left, count = math.exp(-expected), -1
        product = 1.0
        while product > left:
            product *= self.chance.random()
            count += 1
        return max(count, 0)


class Told(NamedTuple):
    """What a simulation showed."""

    fetches: int
    requests: int
    news: int
    failed: int
    entries: int
    missed: int
    impolite: int
    rounds: int
    #: Seconds between when a feed was due and when it was asked, after the first day, which asks everybody at once:
    #: median, 95th and 99th of 100.
    late: tuple[float, float, float]
    #: The same of feeds on hosts with few.
    late_of_small: tuple[float, float, float]
    #: Seconds from publication to fetch, on the average.
    delay: float
    busiest: int


class Simulation:
    """The watcher's ticks over a world."""

    def __init__(self, world: World, days: float) -> None:
        self.world, self.end = world, days * DAY
        count = len(world.host)
        self.rate: list[float | None] = [None] * count
        self.read_at = [-1.0] * count
        self.failures = [0] * count
        #: By due time; the first round asks everybody, spread over an hour as a list grows.
        self.waiting = [(world.chance.random() * 3600, feed) for feed in range(count)]
        heapq.heapify(self.waiting)
        self.next_start: dict[int, float] = {}
        self.last_start: dict[int, float] = {}
        #: Hosts that asked to be left alone; nobody waits for them.
        self.held_until: dict[int, float] = {}
        self.counts: Counter[str] = Counter()
        self.late: list[float] = []
        self.late_of_small: list[float] = []
        self.feeds_of = Counter(world.host)
        self.delay = 0.0
        self.by_host: Counter[int] = Counter()

    def run(self) -> Told:
        """Ticks until the end."""
        heapq.heapify(self.waiting)
        now = self.waiting[0][0]
        while now < self.end:
            due, put_back = self._due(now)
            for one in put_back:
                heapq.heappush(self.waiting, one)
            new = self.counts["entries"]
            done = self._round(due, now)
            self.counts["rounds"] += 1
            # Analysis follows fetching, then the next round begins.
            done += (self.counts["entries"] - new) / ANALYSED
            now = max(done, self.waiting[0][0])
        c = self.counts
        return Told(
            c["fetches"], c["requests"], c["news"], c["failed"], c["entries"], c["missed"], c["impolite"], c["rounds"],
            _shares(self.late), _shares(self.late_of_small), self.delay / max(1, c["entries"]), max(self.by_host.values()),
        )  # fmt: skip

    def _due(self, now: float) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
        """The feeds of a round, and those of a host that has enough of them in it."""
        due: list[tuple[float, int]] = []
        put_back: list[tuple[float, int]] = []
        hosts: Counter[int] = Counter()
        while self.waiting and self.waiting[0][0] <= now and len(due) < IN_ALL:
            one = heapq.heappop(self.waiting)
            host = self.world.host[one[1]]
            hosts[host] += 1
            (due if hosts[host] <= PER_HOST else put_back).append(one)
        return due, put_back

    def _round(self, due: list[tuple[float, int]], now: float) -> float:
        """Fetches as `crew.read_round` does; gives when the last one ends."""
        queues: dict[int, deque[tuple[float, int]]] = {}
        for one in due:
            queues.setdefault(self.world.host[one[1]], deque()).append(one)
        #: When what happens: a host may start, or a fetch ends.
        events: list[tuple[float, int, int]] = []
        for host, queue in queues.items():
            for _ in range(min(AT_ONCE, len(queue))):
                heapq.heappush(events, (max(now, self.next_start.get(host, 0.0)), 0, host))
        running, last = 0, now
        held: deque[int] = deque()
        at_host: Counter[int] = Counter()
        while events:
            moment, ends, host = heapq.heappop(events)
            last = max(last, moment)
            if ends:
                running -= 1
                at_host[host] -= 1
                if held:
                    heapq.heappush(events, (moment, 0, held.popleft()))
            if not queues[host]:
                continue
            if (start := self.next_start.get(host, 0.0)) > moment:
                heapq.heappush(events, (start, 0, host))
                continue
            if running >= IN_FLIGHT:
                held.append(host)
                continue
            if at_host[host] >= AT_ONCE:
                continue
            was_due, feed = queues[host].popleft()
            if (free := self.held_until.get(host, 0.0)) > moment:
                self.counts["held"] += 1
                heapq.heappush(self.waiting, (free, feed))
                heapq.heappush(events, (moment, 0, host))
                continue
            running += 1
            at_host[host] += 1
            if moment >= min(DAY, self.end / 2):
                self.late.append(moment - was_due)
                if self.feeds_of[host] < SMALL:
                    self.late_of_small.append(moment - was_due)
            heapq.heappush(events, (self._fetch(feed, host, moment), 1, host))
        return last

    def _start(self, host: int, moment: float) -> None:
        self.counts["requests"] += 1
        self.by_host[host] += 1
        self.counts["impolite"] += moment - self.last_start.get(host, -DAY) < BETWEEN
        self.last_start[host] = moment
        self.next_start[host] = moment + BETWEEN * (1 + JITTER * self.world.chance.random())

    def _fetch(self, feed: int, host: int, moment: float) -> float:
        """One feed's turn: what it brought, and when it is due again; gives when it ends."""
        world, chance = self.world, self.world.chance
        self.counts["fetches"] += 1
        self._start(host, moment)
        took = min(chance.lognormvariate(math.log(0.4), 0.9), 30.0)
        if world.moved[feed]:
            # The second hop takes a turn of its own.
            moment = self.next_start[host]
            self._start(host, moment)
            took *= 2
        down = world.down(host, moment)
        if down and chance.random() < 0.5:
            took = 30.0
        limited = world.limiting[host] and chance.random() < 0.3
        if down or limited or world.gone[feed] or chance.random() < HICCUPS:
            self.counts["failed"] += 1
            self.failures[feed] += 1
            wait = jittered(wait_after_failure(self.failures[feed], FIRST), chance.random())
            asked = chance.uniform(600, 7200) if limited else 0.0
            if limited:
                self.held_until[host] = moment + asked
            heapq.heappush(self.waiting, (moment + max(wait, asked), feed))
            return moment + took
        self.failures[feed] = 0
        self._read(feed, moment)
        return moment + took

    def _read(self, feed: int, moment: float) -> None:
        since = self.read_at[feed]
        new = self.world.published(feed, since, moment) if since >= 0 else 0
        got = min(new, HELD)
        self.counts["entries"] += got
        self.counts["missed"] += new - got
        self.counts["news"] += got > 0
        self.delay += got * (moment - since) / 2
        self.rate[feed] = rate_after(self.rate[feed], got if since >= 0 else HELD, moment - since)
        self.read_at[feed] = moment
        wait = jittered(interval_of(self.rate[feed] or 0.0), self.world.chance.random())
        heapq.heappush(self.waiting, (moment + wait, feed))


def _shares(values: list[float]) -> tuple[float, float, float]:
    """Median, 95th and 99th of 100."""
    ordered = sorted(values) or [0.0]
    half, most, nearly = (ordered[int(len(ordered) * share)] for share in (0.5, 0.95, 0.99))
    return half, most, nearly


def state_cost(feeds: int) -> tuple[float, float, float]:
    """What each commit costs with the state of so many feeds: seconds to write and to read, MB on disk."""
    now = datetime.now(UTC)
    row = Fetch(
        fetch_id="", kind="feed", feed="", source="", url="", fetched_at=now, seconds=0.4, status=200, bytes=60_000,
        entries=30, new=2, unchanged=False, next_at=now, interval=1800.0, rate=0.001, succeeded_at=now, news_at=now,
        full_at=now, etag='"5f3c-61a2b4c5d6e7f"', last_modified="Sat, 01 Jun 2024 08:00:00 GMT", run_id="", analyzer_version="",
    )  # fmt: skip
    state = {}
    for n in range(feeds):
        url = f"https://www.news-{n % 20_000}.example/section/{n}/rss.xml"
        key = digest("fetch", url)
        state[url] = replace(row, fetch_id=key, feed=url, url=url, source=f"news-{n % 20_000}.example", body_hash=key)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / STATE
        path.parent.mkdir()
        started = time.process_time()
        path.write_bytes(parquet(state_table(state)))
        written = time.process_time()
        del state
        newest(Path(folder))
        read = time.process_time()
        return written - started, read - written, path.stat().st_size / 2**20


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a table in Markdown."""
    parser = Parser(prog="python -m pipelines.simulate", description="The watcher's schedule on a virtual clock.")
    parser.add_argument("--feeds", type=whole(10**6), default=100_000)
    parser.add_argument("--hosts", type=whole(10**6), default=20_000)
    parser.add_argument("--days", type=whole(365), default=7)
    parser.add_argument("--seed", type=whole(10**9), default=1)
    args: argparse.Namespace = parser.parse_args(argv)
    started = time.process_time()
    told = Simulation(World(args.feeds, args.hosts, args.seed), args.days).run()
    spent = time.process_time() - started
    cost = state_cost(args.feeds)
    rows = [
        ("feeds, hosts, days", f"{args.feeds:,}, {args.hosts:,}, {args.days}"),
        ("fetches a day", f"{told.fetches / args.days:,.0f}"),
        ("requests a second", f"{told.requests / args.days / DAY:.1f}"),
        ("requests a day of the busiest host", f"{told.busiest / args.days:,.0f}"),
        ("fetches that brought news", f"{told.news / told.fetches:.1%}"),
        ("fetches that failed", f"{told.failed / told.fetches:.1%}"),
        ("new entries a day", f"{told.entries / args.days:,.0f}"),
        ("entries missed (gone before they were fetched)", f"{told.missed / max(1, told.entries + told.missed):.2%}"),
        ("from publication to fetch, on the average", f"{told.delay / 3600:.1f} h"),
        ("late by, median / 95 % / 99 %", " / ".join(f"{late:,.0f} s" for late in told.late)),
        (f"on hosts with less than {SMALL} feeds", " / ".join(f"{late:,.0f} s" for late in told.late_of_small)),
        ("requests less than 5 s after another at a host", f"{told.impolite}"),
        ("rounds", f"{told.rounds:,}"),
        ("state of the feeds, each commit", f"{cost[0]:.1f} s to write, {cost[1]:.1f} s to read, {cost[2]:.0f} MB"),
        ("simulated in", f"{spent:,.0f} s of CPU, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:,} MB"),
    ]
    print("\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)]))
    return 0 if not told.impolite else 1


if __name__ == "__main__":
    raise SystemExit(main())
