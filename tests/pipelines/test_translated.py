"""What a stream's graph becomes for engines: only what Flink's and Dataflow's runners list, in coders of ours or Beam's."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from pipelines import logs  # noqa: F401  Beam warns when it is imported

# isort: split
import apache_beam as beam
from apache_beam.coders.coders import FastPrimitivesCoder, PickleCoder, deserialize_coder
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2 as api
from apache_beam.runners.portability.portable_runner import PortableRunner

from pipelines.streamjob import Stream, build
from pipelines.streamoptions import job_options
from schemas.feed import Feed
from transforms.lake.windows import StreamJob
from transforms.normalize import Run

#: The Flink runner translates the first four, a Reshuffle, and stages that it makes of the others
#: (FlinkStreamingPortablePipelineTranslator); Dataflow's second runner takes what every SDK knows.
PRIMITIVES = {
    common_urns.primitives.IMPULSE.urn,
    common_urns.primitives.FLATTEN.urn,
    common_urns.primitives.GROUP_BY_KEY.urn,
    common_urns.primitives.PAR_DO.urn,
    common_urns.primitives.ASSIGN_WINDOWS.urn,
}
#: What both have: state and timers, splittable DoFns.  Not: bundle finalizers (Flink), input that is sorted or stable
#: (Dataflow), the end of a window as a callback.
REQUIREMENTS = {"beam:requirement:pardo:stateful:v1", "beam:requirement:pardo:splittable_dofn:v1"}
WINDOWS = {"beam:window_fn:global_windows:v1", "beam:window_fn:fixed_windows:v1"}
PICKLED = "beam:coder:pickled_python:v1"


@pytest.fixture(scope="module")
def components() -> api.Components:
    return translated().components


def translated() -> api.Pipeline:
    """The graph of a stream as it is sent to a job service."""
    flags = ["--streaming", "--environment_type=EXTERNAL", "--environment_config=127.0.0.1:1"]
    given = ["--feeds=f.opml", "--lake=/lake", "--job=j", "--stop-file=/lake/_state/stop", "--runner=PortableRunner"]
    options = job_options(given)
    pipeline = beam.Pipeline(options=PipelineOptions(flags))
    stream = Stream(options.stream, "/lake", StreamJob("j", 1), Run("j", "a", datetime.now(UTC)))
    build(pipeline, stream, (Feed(url="https://x.test/rss", source="x"),), options.stop_file)
    return PortableRunner.get_proto_pipeline(pipeline, PipelineOptions(flags))


def leaves(components: api.Components) -> list[api.PTransform]:
    return [transform for transform in components.transforms.values() if not transform.subtransforms]


def pardos(components: api.Components) -> Iterator[tuple[api.PTransform, api.ParDoPayload]]:
    for transform in leaves(components):
        if transform.spec.urn == common_urns.primitives.PAR_DO.urn:
            yield transform, api.ParDoPayload.FromString(transform.spec.payload)


def test_primitive_transforms_and_requirements(components: api.Components) -> None:
    assert {transform.spec.urn for transform in leaves(components)} == PRIMITIVES
    assert set(translated().requirements) == REQUIREMENTS


def test_no_side_input_and_no_callback_that_an_engine_lacks(components: api.Components) -> None:
    found = list(pardos(components))
    assert len(found) > 10
    for transform, payload in found:
        assert not payload.side_inputs, transform.unique_name
        assert not payload.requests_finalization, transform.unique_name
        assert not payload.requires_stable_input, transform.unique_name
        assert not payload.requires_time_sorted_input, transform.unique_name
        assert not payload.on_window_expiration_timer_family_spec, transform.unique_name


def test_state_and_timers(components: api.Components) -> None:
    (stateful,) = [payload for _, payload in pardos(components) if payload.state_specs]
    kinds = {spec.WhichOneof("spec") for spec in stateful.state_specs.values()}
    assert kinds <= {"read_modify_write_spec", "bag_spec", "combining_spec"}
    domains = {spec.time_domain for spec in stateful.timer_family_specs.values()}
    assert domains == {api.TimeDomain.EVENT_TIME}


def test_one_source_that_ticks(components: api.Components) -> None:
    splittable = [transform for transform, payload in pardos(components) if payload.restriction_coder_id]
    assert [transform.unique_name for transform in splittable] == ["Tick/ParDo(_Ticking)"]


def test_windows_are_standard_and_fire_once(components: api.Components) -> None:
    strategies = components.windowing_strategies.values()
    assert {strategy.window_fn.urn for strategy in strategies} == WINDOWS
    for strategy in strategies:
        assert strategy.allowed_lateness == 0
        assert strategy.merge_status == api.MergeStatus.NON_MERGING
        assert strategy.accumulation_mode == api.AccumulationMode.DISCARDING
        # A Reshuffle's own hands on at once; it is in no fixed window.
        trigger = strategy.trigger.WhichOneof("trigger")
        assert trigger == "default" or (trigger, strategy.window_fn.urn.split(":")[2]) == ("always", "global_windows")


def coders(components: api.Components, name: str) -> Iterator[tuple[str, object]]:
    """A coder with all that it is made of: urn, and of those that are pickled the coder itself."""
    coder = components.coders[name]
    yield coder.spec.urn, deserialize_coder(coder.spec.payload) if coder.spec.urn == PICKLED else None
    for component in coder.component_coder_ids:
        yield from coders(components, component)


def test_coders_are_ours_or_standard(components: api.Components) -> None:
    standard = {
        "bool", "bytes", "global_window", "interval_window", "iterable", "kv", "nullable", "string_utf8", "timer", "tuple", "varint",
    }  # fmt: skip
    ours_or_beams = {"RecordCoder", "OutcomeCoder", "_RangeCoder", "TimestampCoder", "PaneInfoCoder"}
    found = {urn: coder for name in components.coders for urn, coder in coders(components, name)}
    assert {urn.split(":")[2] for urn in found} - {"pickled_python"} <= standard
    pickled = {type(c).__name__ for name in components.coders for urn, c in coders(components, name) if urn == PICKLED}
    # Within a stage nothing is encoded, so Beam's catch-all may stand there; the next test has what is.
    assert pickled - {"FastPrimitivesCoder"} <= ours_or_beams


def encoded(components: api.Components) -> dict[str, str]:
    """Collections that leave a process, whatever an engine fuses, by name, and why."""
    found = {}
    for transform in leaves(components):
        kind = transform.spec.urn.split(":")[2]
        if kind in ("group_by_key", "flatten"):
            for name in (*transform.inputs.values(), *transform.outputs.values()):
                found[name] = f"{kind} {transform.unique_name}"
    for transform, payload in pardos(components):
        if payload.state_specs or payload.restriction_coder_id:
            found.update(dict.fromkeys(transform.inputs.values(), f"input of {transform.unique_name}"))
    return found


def test_nothing_that_leaves_a_process_is_pickled(components: api.Components) -> None:
    found = encoded(components)
    assert len(found) > 12
    pickled = {
        f"{why}: {components.pcollections[name].unique_name}"
        for name, why in found.items()
        for _, coder in coders(components, components.pcollections[name].coder_id)
        if isinstance(coder, FastPrimitivesCoder | PickleCoder)
    }
    # Beam's own Reshuffle writes times so, beside elements in their own coders.
    reshuffle = "group_by_key Reshuffle/ReshufflePerKey/GroupByKey"
    assert {one for one in pickled if not one.startswith(reshuffle)} == set()


def test_keys_are_standard(components: api.Components) -> None:
    keyed = [t for t in leaves(components) if t.spec.urn == common_urns.primitives.GROUP_BY_KEY.urn]
    keyed += [transform for transform, payload in pardos(components) if payload.state_specs]
    assert len(keyed) == 5
    for transform in keyed:
        (name,) = transform.inputs.values()
        coder = components.coders[components.pcollections[name].coder_id]
        assert coder.spec.urn == common_urns.coders.KV.urn, transform.unique_name
        urns = {urn for urn, _ in coders(components, coder.component_coder_ids[0])}
        assert urns <= {f"beam:coder:{kind}:v1" for kind in ("string_utf8", "varint", "kv")}, transform.unique_name
