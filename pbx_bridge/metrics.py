"""The figures this process keeps about itself, in one registry; labels never carry personal data."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()

# A pop is promised within 10 ms, so the steps are fine there.
POP_STEPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)

CALLS = Counter("pbx_calls", "Calls that ended, by how.", ["outcome"], registry=REGISTRY)
LIVE_CALLS = Gauge("pbx_live_calls", "Calls alive at this moment.", registry=REGISTRY)
POP_SECONDS = Histogram(
    "pbx_pop_seconds", "From AMI event to frame handed to the desks.", buckets=POP_STEPS, registry=REGISTRY
)
TRANSFERS = Counter("pbx_transfers", "Put-throughs that ended, by how.", ["outcome"], registry=REGISTRY)

AMI_UP = Gauge("pbx_ami_up", "1 while the link to the PBX is up.", registry=REGISTRY)
AMI_EVENTS = Counter(
    "pbx_ami_events", "AMI events read, by name as we know it.", ["event"], registry=REGISTRY
)
AMI_RECONNECTS = Counter("pbx_ami_reconnects", "Links lost, by reason.", ["reason"], registry=REGISTRY)
ACTIONS = Counter(
    "pbx_ami_actions", "AMI actions sent, by outcome.", ["action", "outcome"], registry=REGISTRY
)
UNEXPECTED = Counter(
    "pbx_unexpected_events", "Events that fitted no row of a table.", ["machine"], registry=REGISTRY
)
HANDLER_FAILURES = Counter(
    "pbx_handler_failures", "Effects whose handler failed.", ["effect"], registry=REGISTRY
)

STANDBYS = Gauge("pbx_standbys", "Services that stand by for this one.", registry=REGISTRY)

NOTIFICATIONS = Counter(
    "pbx_notifications",
    "Notifications by channel and state reached.",
    ["channel", "state"],
    registry=REGISTRY,
)
OUTBOX_WAITING = Gauge(
    "pbx_outbox_waiting", "Notifications not yet sent, by channel.", ["channel"], registry=REGISTRY
)
DELIVERY_UP = Gauge(
    "pbx_delivery_up", "1 while mail server or gateway take messages.", ["channel"], registry=REGISTRY
)

DESK_CLIENTS = Gauge("pbx_desk_clients", "Desks connected at this moment.", registry=REGISTRY)
DESK_DROPPED = Counter("pbx_desk_dropped", "Desks dropped by us, by reason.", ["reason"], registry=REGISTRY)


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    return generate_latest(REGISTRY)
