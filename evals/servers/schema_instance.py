"""The smallest JSON value a JSON schema allows, read off the schema itself."""

import json
from typing import Any


def smallest_instance(schema: dict[str, Any], root: dict[str, Any] | None = None) -> Any:
    """A value valid under `schema`: first enum member, lowest number, shortest string and array."""
    root = schema if root is None else root
    if "$ref" in schema:
        target: Any = root
        for key in schema["$ref"].removeprefix("#/").split("/"):
            target = target[key]
        return smallest_instance(target, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for combined in ("anyOf", "oneOf", "allOf"):
        if combined in schema:
            return smallest_instance(schema[combined][0], root)
    return _of_type(schema, root)


def _of_type(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: smallest_instance(value, root) for name, value in schema.get("properties", {}).items()}
    if kind == "array":
        return [smallest_instance(schema.get("items", {}), root) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return "无" * schema.get("minLength", 0)
    if kind in ("number", "integer"):
        above = schema.get("exclusiveMinimum")
        return above + 1 if above is not None else schema.get("minimum", 0)
    return False if kind == "boolean" else None


def schema_in(text: str) -> dict[str, Any] | None:
    """The last JSON object in `text` that looks like a schema, as prompts in words carry it."""
    decoder = json.JSONDecoder()
    found, start = None, text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except ValueError:
            end = start + 1
        else:
            found = value if isinstance(value, dict) and "properties" in value else found
        start = text.find("{", end)
    return found
