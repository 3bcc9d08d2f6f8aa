"""Bridge: entries that a stream has met in the last hour, or that the lake has, are told but not analysed again.

Feeds list an entry for hours, and a window is committed minutes after it was fetched: keyed state covers that time, the
lake's seen index all before it.  The publisher decides; what the bridge let by as known and the lake does not have after
all comes again with the next fetch (`transforms.lake.fetches`).
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import apache_beam as beam
from apache_beam.coders import BooleanCoder
from apache_beam.pvalue import TaggedOutput
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.typehints import Tuple

from schemas.coders import Outcome
from schemas.document import Document
from schemas.identity import digest
from schemas.reject import Reject
from transforms.kept import kept
from transforms.lake.keys import Keys, keys_of
from transforms.lake.known import SeenIndex

#: Seconds for which a key is remembered: longer than any window takes to be committed.
REMEMBERED: Final = 3600
_BARE: Final = "bare"


class Bridged(NamedTuple):
    """Documents to be analysed and Rejects; and Documents that are only told."""

    news: beam.PCollection
    bare: beam.PCollection


def seen_index(lake: str) -> SeenIndex:
    """The index of the lake, one a process."""
    index: SeenIndex = kept(f"seen index of {lake}", partial(SeenIndex, Path(lake)))
    return index


class _Once(beam.DoFn):
    SEEN = ReadModifyWriteStateSpec("seen", BooleanCoder())
    EXPIRY = TimerSpec("expiry", TimeDomain.WATERMARK)

    def __init__(self, lake: str, remembered: float) -> None:
        self.lake, self.remembered = lake, remembered

    def setup(self) -> None:
        """The index of this process."""
        self.index = seen_index(self.lake)

    def process(
        self,
        element: Any,
        at: Any = beam.DoFn.TimestampParam,
        seen: Any = beam.DoFn.StateParam(SEEN),
        expiry: Any = beam.DoFn.TimerParam(EXPIRY),
    ) -> Iterator[Any]:
        """The Document as it is, or bare under its tag."""
        _, outcome = element
        if isinstance(outcome, Reject):
            yield outcome
        # The index first, which is in memory: an engine takes milliseconds to answer for a key's state.
        elif self.index.has(_keys(outcome), outcome.input_hash) or seen.read():
            yield TaggedOutput(_BARE, replace(outcome, bare=True))
        else:
            seen.write(True)
            # Once: an entry that is listed for days is asked of the index again.
            expiry.set(at + self.remembered)
            yield outcome

    @on_timer(EXPIRY)
    def forget(self, seen: Any = beam.DoFn.StateParam(SEEN)) -> None:
        """Drops what is remembered of a key."""
        seen.clear()


def _keys(doc: Document) -> Keys:
    article = doc.article
    return keys_of(article.source, article.guid, article.url, article.title, article.text)


def _keyed(outcome: Document | Reject) -> tuple[str, Document | Reject]:
    """Under what makes it the very same entry: all its keys, and its words."""
    if isinstance(outcome, Reject):
        return outcome.reject_id, outcome
    return digest(*_keys(outcome), outcome.input_hash), outcome


class Bridge(beam.PTransform):
    """Tells what is to be analysed from what was met before."""

    def __init__(self, lake: str, remembered: float = REMEMBERED) -> None:
        super().__init__()
        self.lake, self.remembered = lake, remembered

    # Unhinted: Beam warns of results that are several.
    def expand(self, outcomes: beam.PCollection) -> Any:
        """Documents without layers and Rejects in, `Bridged` out."""
        keyed = outcomes | "Key" >> beam.Map(_keyed).with_output_types(Tuple[str, Outcome])
        found = keyed | beam.ParDo(_Once(self.lake, self.remembered)).with_outputs(_BARE, main="news")
        same = [
            found[tag] | tag >> beam.Map(lambda outcome: outcome).with_output_types(Outcome) for tag in ("news", _BARE)
        ]
        return Bridged(*same)
