"""People who sign in and their application, made by the operator's procedures for as long as a scenario lasts."""

from __future__ import annotations

from dataclasses import dataclass, field

from readiness.actions.keys import done, unique
from readiness.actions.shares import let_use_plenty
from readiness.config.sign_in import SignIn
from readiness.core.errors import CapabilityMissing
from readiness.harness.undo import UndoStack
from readiness.targets.target import Target


@dataclass(frozen=True)
class Person:
    """Somebody of a client of ours, the application, and the password, which is never shown."""

    client: str
    email: str
    app: str
    password: str = field(repr=False)


def sign_in_of(target: Target) -> SignIn:
    """How people sign in. CapabilityMissing where the profile does not say."""
    if target.profile.sign_in is None:
        raise CapabilityMissing(f"The profile of {target.name} does not say how people sign in (sign_in).")
    return target.profile.sign_in


def admit_person(target: Target, undo: UndoStack) -> Person:
    """Admit somebody who may do everything, with an application. Undo: remove both with all that is theirs."""
    declared = sign_in_of(target)
    client, app = unique("people"), unique("app")
    for name, value in (("remove_client", {"client": client}), ("remove_app", {"app": app})):
        removal = target.procedure(name)
        undo.owe(
            "run_command",
            command=list(removal.argv(**value)),
            folder=str(target.root),
            timeout=removal.timeout,
        )
    done(
        target.run_procedure("register_app", app=app, redirect_uri=str(declared.redirect_uri)), "register_app"
    )
    email = f"{client}@example.org"
    ran = target.run_procedure("admit_person", client=client, person=email)
    done(ran, "admit_person")
    let_use_plenty(target, client)
    return Person(client, email, app, ran.output.split()[-1])


def dismiss_person(target: Target, person: Person) -> None:
    """Let somebody sign in no more."""
    done(target.run_procedure("dismiss_person", person=person.email), "dismiss_person")
