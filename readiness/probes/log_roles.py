"""What those who write logs down, and those who read them, could do to them besides; they try, and nothing of it stays."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.config.keeping import Role
from readiness.config.logs import Logs
from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.probes.database_roles import Session, Try
from readiness.probes.known_secrets import known_secrets
from readiness.targets.target import Target


@dataclass(frozen=True, kw_only=True)
class LogRolesTried(Observation):
    """What each role could do of what it needs, and of what it must not do. Examined: tries."""

    needed: tuple[Try, ...]
    forbidden: tuple[Try, ...]


def let_log_roles_try(target: Target, logs: Logs) -> LogRolesTried:
    """Log in to the store as each role, and try both. Each try is rolled back."""
    copies, known = target.platform.replicas(logs.store), known_secrets(target)
    if not copies:
        raise CannotLook(f"no copy of {logs.store} runs")
    needed: list[Try] = []
    forbidden: list[Try] = []
    for role in logs.roles:
        session = Session(
            target.platform,
            logs.log_in,
            copies[0],
            Role(name=role.name, logs_in_with=role.logs_in_with),
            known.value(role.logs_in_with),
        )
        session.require_log_in()
        needed += session.tries([(each, each) for each in role.may])
        forbidden += session.tries([(each, each) for each in role.must_not])
    return LogRolesTried(
        examined=len(needed) + len(forbidden), needed=tuple(needed), forbidden=tuple(forbidden)
    )
