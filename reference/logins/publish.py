"""Publishes by what PostgreSQL and Redis recognise passwords; the passwords stay with those who log in.

Reads every /run/secrets/RESOURCE.LOGIN (and what may follow after another dot: Redis takes several passwords for one login) and
writes /var/lib/logins/RESOURCE, a line for each: login and verifier. A new password is a new secret, so a new process.
"""

import base64
import hashlib
import hmac
import os
import secrets
import signal
from collections.abc import Callable
from pathlib import Path

SECRETS, PUBLISHED = Path("/run/secrets"), Path("/var/lib/logins")
ROUNDS = 4096


def scram(password: str) -> str:
    """What PostgreSQL keeps of a password (RFC 5803)."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(each).decode() for each in (salt, stored, server)]
    return f"SCRAM-SHA-256${ROUNDS}:{encoded[0]}${encoded[1]}:{encoded[2]}"


def digest(password: str) -> str:
    """What Redis keeps of a password."""
    return hashlib.sha256(password.encode()).hexdigest()


VERIFIERS: dict[str, Callable[[str], str]] = {"postgres": scram, "redis": digest}


def publish(found: Path, published: Path) -> None:
    """Write the verifiers of all passwords, each resource's at once."""
    for resource, verifier in VERIFIERS.items():
        lines = [
            f"{file.name.split('.')[1]} {verifier(file.read_text().strip())}\n"
            for file in sorted(found.glob(f"{resource}.*"))
        ]
        unfinished = published / f".{resource}.{os.getpid()}"
        unfinished.write_text("".join(lines))
        unfinished.chmod(0o644)
        unfinished.rename(published / resource)


def main() -> None:
    """Publish, and stay until told to go, so that it is seen which passwords are in force."""
    asked_to_go = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked_to_go)
    publish(SECRETS, PUBLISHED)
    print("published", flush=True)
    signal.sigwait(asked_to_go)


if __name__ == "__main__":
    main()
