"""Every file of every layer is seen, and what a later layer hides is known to be hidden."""

from pathlib import Path

import pytest

from readiness.core.errors import CannotLook
from readiness.probes.image_archive import ImageArchive, keep_archive
from readiness.probes.image_packages import Ecosystem, packages_of
from readiness.probes.image_walk import Mark, walk
from tests.unit.image_material import ELF, PEM, docker_archive, dpkg_record, oci_archive, tar_of


def hidden(content):
    return {file.path: file.hidden_by for file in content.files if file.hidden_by}


@pytest.mark.parametrize("made", [docker_archive, oci_archive])
def test_both_layouts_show_the_same_files(made):
    content = walk(made({"etc/a": "one"}, {"etc/b": "three"}))
    assert {(file.path, file.layer, file.size) for file in content.files} == {
        ("etc/a", 1, 3),
        ("etc/b", 2, 5),
    }
    assert content.total_bytes == 8
    assert content.hidden_bytes == 0
    assert len(content.layer_ids) == 2


def test_a_file_that_a_later_layer_deletes_is_hidden_and_still_counted():
    content = walk(docker_archive({"build/key": "secret"}, {"build/.wh.key": ""}))
    assert hidden(content) == {"build/key": 2}
    assert content.visible == ()
    assert content.hidden_bytes == content.total_bytes == 6


def test_deleting_a_folder_hides_everything_below_it():
    content = walk(docker_archive({"build/a/1": "x", "build/b": "y", "builder": "z"}, {".wh.build": ""}))
    assert hidden(content) == {"build/a/1": 2, "build/b": 2}


def test_a_folder_that_begins_anew_hides_only_what_was_there_before():
    content = walk(docker_archive({"srv/old": "x"}, {"srv/new": "y", "srv/.wh..wh..opq": ""}))
    assert hidden(content) == {"srv/old": 2}
    assert [file.path for file in content.visible] == ["srv/new"]


def test_a_file_that_is_written_again_weighs_twice():
    content = walk(docker_archive({"lib/big": "x" * 100}, {"lib/big": "x" * 100}))
    assert hidden(content) == {"lib/big": 2}
    assert (content.total_bytes, content.hidden_bytes) == (200, 100)


def test_a_file_that_replaces_a_folder_hides_what_was_in_it():
    assert hidden(walk(docker_archive({"opt/tool/bin": "x"}, {"opt/tool": "y"}))) == {"opt/tool/bin": 2}


def test_a_hard_link_is_what_it_links_to_and_weighs_nothing():
    content = walk(docker_archive({"usr/bin/perl": ELF, "usr/bin/perl5": "->usr/bin/perl"}))
    assert [(file.size, Mark.PROGRAM in file.marks) for file in content.files] == [(64, True), (0, True)]


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "])
def test_private_keys_are_known_by_their_content(kind):
    content = walk(docker_archive({"srv/notes.txt": "see below\n" + PEM.format(kind=kind)}))
    assert Mark.PRIVATE_KEY in content.files[0].marks


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN CERTIFICATE-----\n" + "A" * 64,
        'HEADER = "-----BEGIN PRIVATE KEY-----"\nFOOTER = "-----END PRIVATE KEY-----"',
        "-----BEGIN PUBLIC KEY-----\n" + "A" * 64,
    ],
)
def test_what_only_looks_like_a_private_key_is_none(text):
    assert walk(docker_archive({"srv/tls.py": text})).files[0].marks == frozenset()


def test_a_tar_that_is_no_image_cannot_be_looked_at():
    with pytest.raises(CannotLook, match=r"manifest\.json"):
        keep_archive([tar_of({"etc/a": "x"})])


def test_a_missing_file_cannot_be_looked_at(tmp_path):
    with pytest.raises(CannotLook, match="cannot be read"):
        ImageArchive(Path(tmp_path) / "none.tar")


def test_packages_and_their_files_are_read_from_the_records():
    site = "srv/lib/site-packages"
    content = walk(
        docker_archive(
            {
                "var/lib/dpkg/status": dpkg_record("libssl3", "3.0.1-1+b2", Source="openssl")
                + dpkg_record("gone", "1").replace("install ok installed", "deinstall ok config-files"),
                "var/lib/dpkg/info/libssl3:amd64.list": "/lib\n/lib/libssl.so.3\n",
                f"{site}/idna-3.1.dist-info/METADATA": "Name: idna\nVersion: 3.1\n",
                f"{site}/idna-3.1.dist-info/RECORD": "idna/core.py,,\n../../bin/idna,,\n",
                f"{site}/own-1.dist-info/METADATA": "Name: own\nVersion: 1\n",
                f"{site}/own-1.dist-info/direct_url.json": "{}",
                "lib/apk/db/installed": "P:musl\nV:1.2\nF:lib\nR:libc.so\n\nP:zlib\nV:1.3\n",
            }
        )
    )
    found = {each.name: each for each in packages_of(content)}
    assert found.keys() == {"libssl3", "idna", "own", "musl", "zlib"}
    assert (found["libssl3"].source, found["libssl3"].source_version) == ("openssl", "3.0.1-1")
    assert "usr/lib/libssl.so.3" in found["libssl3"].files
    assert found["idna"].files == {f"{site}/idna/core.py", "srv/bin/idna"}
    assert found["idna"].ecosystem is Ecosystem.PYTHON
    assert found["own"].local
    assert found["musl"].files == {"usr/lib/libc.so"}


def test_records_that_a_later_layer_deletes_do_not_count():
    layers = {"var/lib/dpkg/status": dpkg_record("bash", "5")}, {"var/lib/dpkg/.wh.status": ""}
    assert packages_of(walk(docker_archive(*layers))) == ()
