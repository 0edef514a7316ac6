"""Put an archive into a system without its records: `python -m whoop_service.importing CLIENT <ARCHIVE`.

The client has to be known. All of it is there afterwards, under the ids that it had, or nothing.
"""

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from uuid import UUID
from zipfile import BadZipFile, ZipFile

import psycopg
from psycopg import sql

from service_common.settings import load
from whoop_service.archive import FOLDER, FORMAT, MANIFEST
from whoop_service.attachment_files import path_of
from whoop_service.connecting import conninfo
from whoop_service.records import KINDS
from whoop_service.settings import NAME, Settings

LINES_AT_ONCE = 1000

_INSERT = sql.SQL("""
INSERT INTO {table} ({columns}, client)
SELECT {columns}, %(client)s FROM jsonb_populate_recordset(NULL::{table}, %(rows)s::jsonb)
""")


class Unusable(Exception):
    """The archive cannot be put in."""


def put_in(archive: ZipFile, connection: psycopg.Connection, directory: Path, client: str) -> dict[str, int]:
    """Write all records and files in the caller's transaction; the files go again when that fails."""
    manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT or manifest["missing_attachments"]:
        raise Unusable(f"format {manifest['format']}, attachments missing: {manifest['missing_attachments']}")
    counts = {table: _put_in_records(archive, connection, table, client) for table in KINDS}
    if counts != manifest["records"]:
        raise Unusable(f"it holds {counts}, and says {manifest['records']}")
    written = list[Path]()
    try:
        for line in _lines(archive, "attachments"):
            written.append(_put_in_file(archive, directory, json.loads(line)))
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return counts


def _put_in_records(archive: ZipFile, connection: psycopg.Connection, table: str, client: str) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, KINDS[table][0].fields))
    insert = _INSERT.format(table=sql.Identifier(table), columns=columns)
    lines, count = iter(_lines(archive, table)), 0
    while batch := list(islice(lines, LINES_AT_ONCE)):  # as they are: no number read, no digit lost
        connection.execute(insert, {"client": client, "rows": f"[{','.join(batch)}]"})
        count += len(batch)
    return count


def _put_in_file(archive: ZipFile, directory: Path, record: dict[str, str | int]) -> Path:
    path = path_of(directory, UUID(str(record["id"])))
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(f"{FOLDER}{record['id']}") as content, path.open("xb") as file:
        shutil.copyfileobj(content, file)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != record["sha256"]:
            path.unlink()
            raise Unusable(f"attachment {record['id']} is not what its record says")
    return path


def _lines(archive: ZipFile, table: str) -> Iterable[str]:
    with archive.open(f"{table}.jsonl") as file:
        for line in file:
            yield line.decode()


def main() -> int:
    """Exit status 0 when everything is there; otherwise 1, and why not on standard error."""
    parser = argparse.ArgumentParser(prog="python -m whoop_service.importing", description=__doc__)
    parser.add_argument("client", help="whose records they will be")
    client = parser.parse_args().client
    settings = load(Settings, f"{NAME} (importing)")
    try:
        with TemporaryFile(dir=settings.attachments_dir) as spooled:  # where there is room for files
            shutil.copyfileobj(sys.stdin.buffer, spooled)
            where = conninfo(settings, "-c timezone=UTC")
            with ZipFile(spooled) as archive, psycopg.connect(where) as connection:
                if not connection.execute("SELECT FROM clients WHERE name = %s", (client,)).rowcount:
                    raise Unusable(f"there is no client {client} here")
                counts = put_in(archive, connection, settings.attachments_dir, client)
    except (psycopg.Error, BadZipFile, KeyError, OSError, Unusable) as failure:
        print(f"{type(failure).__name__}: {str(failure).partition(chr(10))[0]}", file=sys.stderr)
        return 1
    print(", ".join(f"{count} {table}" for table, count in counts.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
