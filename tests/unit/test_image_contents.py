"""What a shipped image must not hold is found in every layer; what looks like it and is fine is left alone."""

from pathlib import Path

import pytest

from readiness.config.policies import load_image_contents
from readiness.drills.builds import BaseImageBuild, BaseImageBuilds, CodeChangeRebuild
from readiness.matchers.images import (
    holds_nothing_forbidden,
    installs_nothing_again,
    runs_only_the_release_image,
    works_on_every_base,
)
from readiness.probes.builds import BuildStep, read_build
from readiness.probes.image_contents import CopyImage, RunningImages, look_into
from readiness.probes.image_walk import walk
from tests.unit.image_material import ELF, PEM, docker_archive

POLICY = load_image_contents(Path(__file__).parents[2])


def contents(*layers, **facts):
    return look_into(walk(docker_archive(*layers, **facts)), POLICY, "sha256:1")


@pytest.mark.parametrize(
    ("path", "content", "what"),
    [
        ("usr/bin/x86_64-linux-gnu-gcc-12", ELF, "build tools"),
        ("opt/toolchain/libexec/cc1", ELF, "build tools"),
        ("usr/bin/make", ELF, "build tools"),
        ("usr/include/stdio.h", "int x;", "headers for building"),
        ("root/.cache/pip/http/a/b", "x", "package caches"),
        ("var/lib/apt/lists/mirror_dists_bookworm_Packages", "x", "package caches"),
        ("var/cache/apt/archives/tree_2.deb", "x", "package caches"),
        ("opt/venv/lib/python3.11/site-packages/pip/__init__.py", "x", "package installers"),
        ("usr/local/bin/uv", ELF, "package installers"),
        ("wheels/whoop-1-py3-none-any.whl", "x", "package installers"),
        ("srv/application/tests/test_members.py", "x", "tests"),
        ("srv/application/conftest.py", "x", "tests"),
        ("srv/application/.git/HEAD", "x", "repository data"),
        ("srv/deploy.txt", PEM.format(kind="OPENSSH "), "private keys"),
        ("root/.ssh/id_ed25519", "in a form of its own", "key stores"),
        ("srv/application/.env", "A=1", "files of credentials"),
        ("etc/pip.conf", "index-url = https://me:word@packages.test/simple", "passwords in addresses"),
    ],
)
def test_what_must_not_be_shipped_is_found_even_where_a_later_layer_hides_it(path, content, what):
    folder, _, name = path.rpartition("/")
    seen = contents({path: content}, {f"{folder}/.wh.{name}": ""})
    assert [(found.what, found.path, found.layer, found.hidden) for found in seen.found] == [
        (what, path, 1, True)
    ]
    assert not holds_nothing_forbidden().matches(seen)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("usr/bin/apt-get", ELF),
        ("usr/share/ca-certificates/mozilla/Root.crt", "-----BEGIN CERTIFICATE-----\nAAAA"),
        ("usr/lib/python3.11/test/test_support.py", "x"),
        ("usr/local/lib/python3.11/site-packages/pip/__init__.py", "the base image's own"),
        ("usr/local/include/python3.11/Python.h", "the base image's own"),
        ("usr/bin/make", "#!/bin/sh\necho no compiler: a script of this name\n"),
        ("var/lib/apt/lists/lock", ""),
        ("srv/application/latest_results.py", "x"),
        ("srv/application/.env.example", "A="),
        ("service", ELF),
    ],
)
def test_what_only_looks_suspicious_is_left_alone(path, content):
    assert holds_nothing_forbidden().matches(contents({path: content}))


def test_tests_and_keys_of_a_published_package_are_not_the_services_own():
    site = "srv/site-packages"
    records = {
        f"{site}/web-1.dist-info/METADATA": "Name: web\nVersion: 1\n",
        f"{site}/web-1.dist-info/RECORD": "web/tests/test_web.py,,\nweb/tests/example.key,,\n",
    }
    files = {f"{site}/web/tests/test_web.py": "x", f"{site}/web/tests/example.key": PEM.format(kind="")}
    assert contents({**records, **files}).found == ()
    assert len(contents({**records, **files, f"{site}/web-1.dist-info/direct_url.json": "{}"}).found) == 2


def test_secrets_among_the_settings_are_named_and_never_shown():
    seen = contents(
        {"a": "x"},
        environment=[
            "PATH=/usr/bin",
            "DATABASE_PASSWORD=hunter2",
            "DATABASE_PASSWORD_FILE=/run/x",
            "GPG_KEY=A035",
        ],
        history=["RUN |1 PIP_TOKEN=abc /bin/sh -c pip install", "RUN TOKEN=$(cat /run/secrets/t) make"],
    )
    assert {found.name for found in seen.settings} == {"DATABASE_PASSWORD", "PIP_TOKEN"}
    assert "hunter2" not in repr(seen)
    assert not holds_nothing_forbidden().matches(seen)


def test_the_hidden_share_is_what_later_layers_delete_or_replace():
    assert contents({"big": "x" * 90, "small": "y" * 10}, {".wh.big": ""}).hidden_share == pytest.approx(0.9)


def test_every_copy_has_to_run_the_release_image():
    def running(*ids):
        copies = tuple(CopyImage(f"copy {number}", image_id) for number, image_id in enumerate(ids))
        return RunningImages(release="shop:1", release_id="sha256:new", copies=copies, examined=len(copies))

    assert runs_only_the_release_image().matches(running("sha256:new", "sha256:new"))
    assert not runs_only_the_release_image().matches(running("sha256:new", "sha256:old"))


BUILD = """\
#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s
#4 [dependencies 2/3] COPY . /source
#4 DONE 0.1s
#5 [dependencies 3/3] RUN {command}
#5 0.512 {output}
#5 DONE 12.5s
#6 [stage-1 2/2] COPY --from=dependencies /x /x
#6 CACHED
#7 exporting to image
#7 DONE 0.1s
"""


def rebuild(command, output="quiet"):
    steps = read_build(BUILD.format(command=command, output=output))
    repeated = tuple(step for step in steps if " RUN " in step.name and not step.cached)
    return CodeChangeRebuild(
        seconds=13.0,
        layers=3,
        renewed_layers=1,
        total_bytes=100,
        renewed_bytes=1,
        repeated_steps=repeated,
        examined=len(steps),
    )


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("pip install -r /source/requirements.txt", "quiet"),
        ("--mount=type=cache,target=/root/.cache/uv uv pip install --target /d -r r.txt", "quiet"),
        ("uv sync --frozen", "quiet"),
        ("cd /source && npm ci", "quiet"),
        ("apt-get update && apt-get install -y libpq5", "quiet"),
        ("/source/setup.sh", "Installing collected packages: idna, urllib3"),
        ("/source/setup.sh", "Installed 31 packages in 12ms"),
        ("make wheels", "  Downloading idna-3.1-py3-none-any.whl (58 kB)"),
    ],
)
def test_a_step_that_installs_dependencies_again_is_reported(command, output):
    assert not installs_nothing_again().matches(rebuild(command, output))


@pytest.mark.parametrize(
    "command", ["python3 -m compileall -q /srv", "pip install --no-deps /source", "pip install -q ."]
)
def test_a_step_that_only_handles_the_services_own_code_is_left_alone(command):
    assert installs_nothing_again().matches(rebuild(command))


def test_the_steps_of_a_build_are_read_from_its_progress():
    steps = read_build(BUILD.format(command="make", output="x"))
    assert [(step.cached, step.seconds) for step in steps] == [
        (False, 0.0),
        (False, 0.1),
        (False, 12.5),
        (True, 0.0),
    ]
    assert read_build("Step 1/3 : FROM base\n ---> Using cache\n") == ()


def test_a_refused_base_image_is_known_by_the_step_that_asks_for_it():
    progress = "#2 [internal] load metadata for registry.test/python:3\n#2 ERROR: failed to do request: no such host\n"
    assert read_build(progress) == (
        BuildStep(
            "[internal] load metadata for registry.test/python:3",
            False,
            0.0,
            "ERROR: failed to do request: no such host",
            False,
        ),
    )


def test_a_base_image_that_cannot_be_had_is_a_gap_and_one_that_does_not_work_a_violation():
    good = BaseImageBuild("own", True, True, "healthy")
    absent = BaseImageBuild("alpine", False, False, "no such host")
    broken = BaseImageBuild("slim", True, False, "ended")
    sound = BaseImageBuilds(builds=(good, absent), examined=1)
    assert works_on_every_base().matches(sound)
    assert [gap.reason for gap in sound.gaps] == ["no such host"]
    assert not works_on_every_base().matches(BaseImageBuilds(builds=(good, broken), examined=2))
