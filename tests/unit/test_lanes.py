"""Every queue is worked on in one lane."""

from chalicelib.jobs.lanes import ISSUING, LANES, PROMPT, READING, lane_of, queues_of
from chalicelib.jobs.registry import handlers


def test_every_queue_has_one_lane():
    assert sorted(queue for lane in LANES for queue in queues_of(lane)) == sorted(handlers())
    assert all(queue in queues_of(lane_of(queue)) for queue in handlers())


def test_what_is_slow_or_heavy_is_apart():
    assert (lane_of("read_document"), lane_of("issue_licence")) == (READING, ISSUING)
    assert lane_of("send_notification") == PROMPT
