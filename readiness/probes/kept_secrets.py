"""Where secrets are: which copies can read which, with which rights, and where their values stand in writing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from readiness.core.errors import CannotLook
from readiness.core.observations import Observation
from readiness.core.waiting import wait_until
from readiness.probes.known_secrets import KnownSecrets, known_secrets
from readiness.targets.platform import Platform, Replica
from readiness.targets.target import Target

AT_ONCE = 3
PATIENCE = 30.0
LOG_LINES = 2000
# Of the first process its user; of every small file that is mounted or lies where programs put theirs: rights, owner, path.
FILES = (
    "sh",
    "-c",
    """stat -c 'user %u' /proc/1
tell() { sort -u | while read -r place; do
  if [ -f "$place" ] && [ "$(stat -L -c %s "$place")" -le 65536 ]; then stat -L -c "$1 %a %u %s %n" "$place"; fi
done; }
{ while read -r id parent device root place rest; do echo "$place"; done < /proc/self/mountinfo
  for each in /run/secrets/*; do echo "$each"; done; } | tell file
find /tmp /var/tmp /dev/shm -type f -size -65k 2>/dev/null | tell copy
true""",
)
OWN_ENVIRONMENT = ("cat", "/proc/1/environ")
PROCESSES = ("sh", "-c", "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null; true")
SECRETS = "/run/secrets/"
NOT_TEXT = "\N{REPLACEMENT CHARACTER}"
TO_BE_WHOLE = 5.0


@dataclass(frozen=True)
class Mounted:
    """A secret in a copy: its file, its mode in octal digits, its owner, and the user as whom the copy runs.

    `copied`: the program itself made the file, from one that was mounted. `secret` is its name in the profile, by its value; ""
    for a file among the secrets whose value nobody declared.
    """

    service: str
    instance: str
    path: str
    mode: str
    owner: str
    user: str
    secret: str
    copied: bool = False


@dataclass(frozen=True)
class Shown:
    """A secret whose value stands where others can read it: its name, and where."""

    secret: str
    where: str


@dataclass(frozen=True, kw_only=True)
class KeptSecrets(Observation):
    """All secrets in all copies, and where else their values were found. Examined: copies, writings and images.

    `readers`: secret -> the services that have to read it; `running`: the services that have a copy.
    """

    readers: Mapping[str, tuple[str, ...]]
    running: tuple[str, ...]
    mounted: tuple[Mounted, ...]
    shown: tuple[Shown, ...]


def look_for_secrets(target: Target) -> KeptSecrets:
    """Look into every copy, its processes and its log, into all that the platform has in writing, and into the images."""
    platform, known = target.platform, known_secrets(target)
    copies = [copy for service in platform.services() for copy in platform.replicas(service.name)]
    if not copies:
        raise CannotLook("no copy of any service runs, so nothing can be said of who reads what")
    images = {copy.image_id: copy.service for copy in copies}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        baked = [pool.submit(_in_image, platform, image, service, known) for image, service in images.items()]
        looked = list(pool.map(lambda copy: _look_into(platform, copy, known), copies))
    written = [(what, known.within(text)) for what, text in platform.writings()]
    if not written:
        raise CannotLook(
            "the platform has nothing in writing about the deployment, so nothing could be searched"
        )
    shown = [each for _, found in looked for each in found]
    shown += [Shown(secret, what) for what, secrets in written for secret in secrets]
    shown += [each for image in baked for each in image.result()]
    return KeptSecrets(
        examined=len(copies) + len(written) + len(images),
        readers={each.name: each.readers for each in target.profile.secrets},
        running=tuple(sorted({copy.service for copy in copies})),
        mounted=tuple(each for mounted, _ in looked for each in mounted),
        shown=tuple(dict.fromkeys(shown)),
    )


def _look_into(platform: Platform, copy: Replica, known: KnownSecrets) -> tuple[list[Mounted], list[Shown]]:
    ran = platform.run_inside(copy.id, FILES, timeout=PATIENCE)
    if ran.exit_code != 0 or not ran.output.startswith("user "):
        raise CannotLook(
            f"{copy.service} ({copy.instance}) cannot be looked into: {' '.join(ran.output.split())[-200:]}. "
            "Its image needs sh, cat and stat."
        )
    mounted = [
        each
        for each in mounted_of(
            copy, ran.output, lambda path, size: known.in_file(_read(platform, copy, path, size))
        )
        if each.secret or each.path.startswith(SECRETS)
    ]
    own = platform.run_inside(copy.id, OWN_ENVIRONMENT, timeout=PATIENCE)
    if own.exit_code != 0:
        raise CannotLook(
            f"the processes of {copy.service} ({copy.instance}) do not show what they were started with"
        )
    processes = platform.run_inside(copy.id, PROCESSES, timeout=PATIENCE).output
    log = platform.logs(copy.id, LOG_LINES)
    places = (("a process", own.output + processes), ("the log", log))
    return mounted, [
        Shown(secret, f"{where} of {copy.service}") for where, text in places for secret in known.within(text)
    ]


def _read(platform: Platform, copy: Replica, path: str, size: int) -> str:
    """A file, whole: on a busy machine an engine may give less of it than there is. "" where the copy may not read it."""
    return wait_until(
        lambda: platform.read_inside(copy.id, path) or "",
        lambda text: len(text.encode()) == size or NOT_TEXT in text,
        patience=TO_BE_WHOLE,
    ).last


def mounted_of(copy: Replica, listing: str, name_of: Callable[[str, int], str]) -> Iterator[Mounted]:
    """The mounted files of a copy, from what FILES prints; `name_of` gives the name of the secret in one."""
    lines = listing.splitlines()
    user = lines[0].split()[1]
    for line in lines[1:]:
        kind, mode, owner, size, path = line.split(" ", 4)
        yield Mounted(
            copy.service,
            copy.instance,
            path,
            mode,
            owner,
            user,
            name_of(path, int(size)),
            copied=kind == "copy",
        )


def _in_image(platform: Platform, image: str, service: str, known: KnownSecrets) -> list[Shown]:
    facts = platform.image(image)
    history = known.within("\n".join((*facts.history, *facts.environment)))
    layers = known.within_stream(platform.export_image(image))
    return [
        *(Shown(secret, f"the history of the image of {service}") for secret in history),
        *(Shown(secret, f"a layer of the image of {service}") for secret in layers),
    ]
