"""What is counted about requests; the operational listener serves it, so its own traffic is never in it."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("http_requests", "Answered requests.", ["method", "route", "status"])
SECONDS = Histogram(
    "response_time_seconds",
    "Time from the request's arrival to the last byte of its answer, in seconds.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10),
)
IN_FLIGHT = Gauge("active_connections", "Requests being served at this moment.")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def record(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the template, so ids never become label values."""
    name = method if method in _METHODS else "other"
    REQUESTS.labels(name, route, str(status)).inc()
    SECONDS.labels(name, route).observe(seconds)
