"""/health and /metrics, for monitoring. No personal data."""

from typing import Any

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from starlette.responses import JSONResponse, Response

from core import db
from core.clock import now
from core.database.state import Lease

router = APIRouter(include_in_schema=False)

_COUNTS = {
    "viesis_messages": (
        "Mails by state",
        "SELECT state AS label, count(*) AS n FROM message GROUP BY state",
    ),
    "viesis_registrations": (
        "Registrations by status",
        "SELECT status AS label, count(*) AS n FROM registration GROUP BY status",
    ),
    "viesis_events": (
        "Events by status",
        "SELECT status AS label, count(*) AS n FROM event GROUP BY status",
    ),
    "viesis_scans_unsettled": (
        "Scans not yet in attendance",
        "SELECT 'all' AS label, count(*) AS n FROM scan WHERE NOT settled",
    ),
}


async def worker_age() -> float | None:
    """Seconds since a worker last said that it lives, or None if none ever did."""
    lease = await Lease.get_or_none(name="worker")
    return (now() - lease.last_done_at).total_seconds() if lease and lease.last_done_at else None


@router.get("/health")
async def health() -> Response:
    """Whether the database answers, how long ago a worker lived. 503 when the database does not
    (viesis.error_pages).
    """
    await db.row("SELECT 1 AS one")
    age = await worker_age()
    body: dict[str, Any] = {
        "status": "ok",
        "database": "ok",
        "worker_age_seconds": None if age is None else round(age, 1),
    }
    return JSONResponse(body)


@router.get("/metrics")
async def metrics() -> Response:
    """Prometheus: counts from the database, so every node answers the same."""
    registry = CollectorRegistry()
    for name, (meaning, sql) in _COUNTS.items():
        gauge = Gauge(name, meaning, ["of"], registry=registry)
        for row in await db.rows(sql):
            gauge.labels(row["label"]).set(row["n"])
    age = await worker_age()
    Gauge("viesis_worker_age_seconds", "Since a worker last lived", registry=registry).set(
        -1 if age is None else age
    )
    return Response(
        generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8"
    )
