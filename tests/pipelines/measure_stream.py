"""Measures a stream on Prism over twenty papers of loopback: lag from told to queryable, memory, articles a second.

python -m tests.pipelines.measure_stream lag --minutes 30 --window 60
python -m tests.pipelines.measure_stream rate --articles 300
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.pipelines.press import Press, Telling
from tests.pipelines.processes import of_group, processes
from tests.pipelines.streams import Lake, Stream, on_prism, prism, wait_for


def memory(stream: Stream) -> dict[str, float]:
    """Resident MB of the supervisor, the job, its worker and the engine."""
    job = stream.job()
    found = {"supervisor": next(p.memory for p in processes() if p.pid == stream.process.pid)}
    for process in of_group(job.group) if job else []:
        name = "worker" if "SdkHarness" in process.command else "job" if process.pid == process.group else "engine"
        found[name] = found.get(name, 0) + process.memory
    return {name: size / 1e6 for name, size in found.items()}


def told_lags(press: Press, lake: Lake) -> str:
    """Seconds from told to queryable."""
    came = lake.came()
    lags = [came[guid] - at for paper in press.papers for guid, at in paper.told.items() if guid in came]
    told = sum(len(paper.told) for paper in press.papers)
    late = statistics.quantiles(lags, n=20)[-1]
    lag_s = [commit.counts["lag_s"] for commit in lake.commits() if "lag_s" in commit.counts]
    return (
        f"{len(lags)} of {told} in the lake; lag: median {statistics.median(lags):.1f} s, 95 % {late:.1f} s, most {max(lags):.1f} s; "
        f"from the window's end to its commit: median {statistics.median(lag_s):.1f} s, most {max(lag_s):.1f} s of {len(lag_s)} windows"
    )


def measure(folder: Path, args: argparse.Namespace) -> None:
    """Runs the stream and prints what is measured, as it goes."""
    lake = Lake(folder / "lake")
    rate = args.what == "rate"
    with Press(lambda: set(), calm=True) as press:
        for _ in range(args.articles if rate else 1):
            press.write()
        listed = press.feeds(folder / "feeds.toml", 'interval = "60s"')
        arguments = [f"--feeds={listed}", f"--allow-private={press.hosts}", "--between=0", f"--window={args.window}"]
        stream = Stream(
            lake.path, [*arguments, *args.more, *on_prism(prism(folder))], folder / "stream.log", hasty=False
        )
        try:
            if rate:
                # The twins tell the same.
                wanted = (len(press.papers) - 1) * args.articles
                wait_for(lambda: sum(map(len, lake.articles().values())) >= wanted, 3600, stream.told)
                seconds = lake.commits()[-1].at - min(paper.first for paper in press.papers)
                print(
                    f"{wanted} articles in {seconds:.0f} s from the first request: {wanted / seconds:.1f}/s; MB: {memory(stream)}"
                )
            else:
                with Telling(press, args.stories, 10**6):
                    for _ in range(args.minutes):
                        time.sleep(60)
                        told = {name: round(size, 1) for name, size in sorted(memory(stream).items())}
                        print(
                            f"{time.time() - stream.began:5.0f} s, {len(lake.commits())} commits, MB: {told}",
                            flush=True,
                        )
                time.sleep(60 + args.window + 15)
                print(told_lags(press, lake))
            print(f"drained with {stream.drain(120)}")
        finally:
            stream.close()


def main(argv: Sequence[str] | None = None) -> int:
    """Measures what is asked for; other options are the stream's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["lag", "rate"])
    parser.add_argument("--minutes", type=int, default=30)
    parser.add_argument("--window", type=int, default=60)
    parser.add_argument("--stories", type=float, default=20.0, help="seconds between stories of each paper")
    parser.add_argument("--articles", type=int, default=150, help="of each paper, for the rate")
    args, args.more = parser.parse_known_args(argv)
    with tempfile.TemporaryDirectory(prefix="khabar-") as folder:
        measure(Path(folder), args)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
