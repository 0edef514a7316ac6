"""The content of attachments on the volume, under names that we make, never a client's."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import anyio


@dataclass(frozen=True)
class Stored:
    """What was written."""

    size_bytes: int
    sha256: str


def path_of(directory: Path, attachment: UUID) -> Path:
    """Where an attachment's content lies."""
    return directory / attachment.hex[:2] / attachment.hex


class AttachmentFiles:
    """One file per attachment, 256 directories."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, attachment: UUID) -> Path:
        """Where an attachment's content lies."""
        return path_of(self._directory, attachment)

    async def write(self, attachment: UUID, content: AsyncIterator[bytes]) -> Stored:
        """Write the content piece by piece; it appears under its name only when it is whole."""
        target = anyio.Path(self.path(attachment))
        await target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        digest, size = hashlib.sha256(), 0
        try:
            async with await anyio.open_file(partial, "wb") as file:
                async for piece in content:
                    digest.update(piece)
                    size += len(piece)
                    await file.write(piece)
            await partial.rename(target)
        finally:
            await partial.unlink(missing_ok=True)
        return Stored(size, digest.hexdigest())

    async def remove(self, attachments: Iterable[UUID]) -> None:
        """Remove the content of these attachments, as far as it is there."""
        for attachment in attachments:
            await anyio.Path(self.path(attachment)).unlink(missing_ok=True)
