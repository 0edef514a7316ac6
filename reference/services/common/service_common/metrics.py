"""What is counted about requests; the operational listener serves it, so its own traffic is never in it."""

from prometheus_client import Counter, Gauge, Histogram

# Close together between 0.1 s and 10 s, where a percentile that is read from them has to be near the truth.
_UP_TO = (
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8),
    *(1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7.5, 10, 15),
)

REQUESTS = Counter("http_requests", "Answered requests.", ["method", "route", "status"])
SECONDS = Histogram(
    "response_time_seconds",
    "Time from the request's arrival at the edge to the last byte of its answer, in seconds.",
    ["method", "route"],
    buckets=_UP_TO,
)
IN_FLIGHT = Gauge("active_connections", "Requests being served at this moment.")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def record(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the template, so ids never become label values."""
    name = method if method in _METHODS else "other"
    REQUESTS.labels(name, route, str(status)).inc()
    SECONDS.labels(name, route).observe(seconds)
