"""Reads YAML strictly: text keys, each once, no aliases; dates stay text until a model reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import JsonValue

from readiness.core.errors import ConfigurationError, Problem

TEXT = "tag:yaml.org,2002:str"
TIMESTAMP = "tag:yaml.org,2002:timestamp"


@dataclass(frozen=True)
class Document:
    """The content of one configuration file; `file` is its path relative to the project root."""

    file: str
    content: dict[str, JsonValue]


def read_document(root: Path, file: str) -> Document:
    """The mapping in `root/file`. ConfigurationError with line numbers when it cannot be read as one."""
    try:
        text = (root / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigurationError(
            [Problem(file, "file", f"cannot be read: {reason}", "a readable file")]
        ) from error
    return document_of(file, text)


def document_of(file: str, text: str) -> Document:
    """The mapping in a text that is, or is to be, the content of `file`. ConfigurationError as for a file."""
    try:
        loader = _StrictLoader(text)
        content = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        wrong = " ".join(filter(None, (error.context, error.problem)))
        raise ConfigurationError([Problem(file, f"line {line}", wrong, "valid YAML")]) from error
    except yaml.YAMLError as error:
        wrong = " ".join(str(error).split())
        raise ConfigurationError([Problem(file, "file", wrong, "valid YAML")]) from error
    if loader.wrong_keys:
        raise ConfigurationError([Problem(file, *wrong_key) for wrong_key in loader.wrong_keys])
    if not isinstance(content, dict):
        raise ConfigurationError(
            [Problem(file, "line 1", "the file holds no mapping", "a mapping of keys to values")]
        )
    return Document(file, content)


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that collects unusable keys instead of letting the last one win."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if tag != TIMESTAMP]
            for first, resolvers in self.yaml_implicit_resolvers.items()
        }
        self.wrong_keys: list[tuple[str, str, str]] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases: a reader of the file should not have to look elsewhere."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.composer.ComposerError(None, None, "an alias (*): write out what it stands for", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        """As usual, noting every key that is no text or stands there twice."""
        seen: set[object] = set()
        for key, _ in node.value:
            place = f"line {key.start_mark.line + 1}"
            if key.tag != TEXT:
                self.wrong_keys.append(
                    (place, "a key that is no text", "text; quote words such as on, yes and numbers")
                )
            elif key.value in seen:
                self.wrong_keys.append((place, f"the key {key.value!r} stands here again", "each key once"))
            seen.add(key.value if key.tag == TEXT else None)
        return {} if self.wrong_keys else super().construct_mapping(node, deep)
