"""A form's complaints as problems in our own words, with the place in the file.

Owns the wording of shape mistakes. What is allowed comes from the form's descriptions, through the
same JSON Schema that editors read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from openchannel.casefile.document import Document, Step
from openchannel.casefile.words import listed, nearest
from openchannel.errors import Problem

__all__ = ["adapter", "fill_in"]

T = TypeVar("T")
Schema = dict[str, Any]


@lru_cache(maxsize=64)
def adapter(kind: Any) -> TypeAdapter[Any]:
    """The validator of a form or of a list of forms, made once."""
    return TypeAdapter(kind)


@lru_cache(maxsize=64)
def _schema(kind: Any) -> Schema:
    return adapter(kind).json_schema()


def fill_in(kind: type[T], document: Document, problems: list[Problem]) -> T | None:
    """The form filled with the document's data; None, and problems, where it does not fit."""
    shape: Any = kind  # a form, or a list of forms
    try:
        filled: T = adapter(shape).validate_python(document.data())
    except ValidationError as error:
        known = {(p.file, p.line, p.column) for p in problems}
        for complaint in error.errors(include_url=False, include_context=True):
            problem = _problem(kind, document, complaint)
            if (problem.file, problem.line, problem.column) not in known:
                problems.append(problem)
        return None
    return filled


def _problem(kind: Any, document: Document, complaint: Any) -> Problem:
    path: tuple[Step, ...] = tuple(complaint["loc"])
    trail = _trail(_schema(kind), path)
    about = trail[-1][1] if trail else {}
    match complaint["type"]:
        case "missing":
            return _missing(document, path, about)
        case "extra_forbidden":
            return _extra(kind, document, path)
        case "string_pattern_mismatch" if complaint["loc"][-1:] == ("[key]",):
            return _bad_key(document, path)
    wrong = _wrong(complaint, _shown(complaint["input"]))
    return document.problem(_visible(path), wrong, _allowed(about, complaint), _mend(trail))


def _missing(document: Document, path: tuple[Step, ...], about: Schema) -> Problem:
    name = str(path[-1])
    return document.problem(
        _visible(path),
        f"the field `{name}` is missing",
        about.get("description", "a value"),
        f"add {_example(name, about)}",
    )


def _extra(kind: Any, document: Document, path: tuple[Step, ...]) -> Problem:
    name = str(path[-1])
    parents = _trail(_schema(kind), path[:-1])
    holder = parents[-1][1] if parents else _schema(kind)
    known = [field for option in _options(_schema(kind), holder) for field in _fields(option)]
    fields = nearest(name, known)
    return document.problem(
        _visible(path),
        f"there is no field `{name}` here",
        f"the fields {listed(fields, most=20)}",
        f"write `{fields[0]}` if that is what is meant; else delete the line"
        if fields
        else "delete the line",
        key=True,
    )


def _bad_key(document: Document, path: tuple[Step, ...]) -> Problem:
    key = path[:-1]
    return document.problem(
        _visible(key),
        f"`{key[-1]}` is not an id",
        "a letter, then letters, digits, hyphens or underscores",
        "rename it, here and wherever it is referred to",
        key=True,
    )


def _wrong(complaint: Any, shown: str) -> str:
    """What does not fit, by the kind of complaint."""
    context = complaint.get("ctx", {})
    kind: str = complaint["type"]
    if complaint["input"] is None:
        return "nothing stands here"
    if kind in _NOT_A:
        return f"{shown} is not {_NOT_A[kind]}"
    match kind:
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return f"{shown} is out of bounds"
        case "literal_error":
            return f"{shown} is not one of the values allowed"
        case "string_too_long":
            text = complaint["input"]
            return (
                f"the text has {len(text)} characters, {len(text) - context['max_length']} too many"
            )
        case "string_pattern_mismatch":
            return (
                "the text is empty"
                if not str(complaint["input"]).strip()
                else f"{shown} does not fit"
            )
        case "too_short" | "too_long":
            return f"{context['actual_length']} entries stand here"
    return f"{shown} does not fit"


_NOT_A = {
    "string_type": "a text",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "finite_number": "a finite number",
}


def _allowed(about: Schema, complaint: Any) -> str:
    """The description of the field; without one, what its type says."""
    if "description" in about:
        return str(about["description"])
    return _NOT_A.get(complaint["type"], "see the reference of the case folder")


def _mend(trail: Sequence[tuple[Step, Schema]]) -> str:
    """An example under the name of the field that it belongs to, which may be a level up."""
    if not trail:
        return "see the reference of the case folder"
    about = trail[-1][1]
    example = about.get("examples")
    names = [s for s, schema in trail if example is not None and schema.get("examples") is example]
    name = names[0] if names else trail[-1][0]
    if isinstance(name, int) or not name:
        return "correct the entry"
    return f"write {_example(name, about)}"


def _fields(option: Schema) -> list[str]:
    return list(option.get("properties", {}))


def _example(name: str, about: Schema) -> str:
    examples = about.get("examples")
    if examples:
        shown = _shown(examples[0]).strip("`")
        return f"`{name}: {shown}`, for example" if name else f"`{shown}`, for example"
    if about.get("type") == "number":
        return f"`{name}: 0.5`, for example"
    return f"`{name}: ...`"


def _shown(value: Any) -> str:
    """A value as YAML flow text between backquotes, shortened."""
    text = _flow(value)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _flow(value: Any) -> str:
    match value:
        case BaseModel():
            return _flow(value.model_dump())
        case dict():
            return "{" + ", ".join(f"{k}: {_flow(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(v) for v in value) + "]"
        case bool():
            return str(value).lower()
        case None:
            return "null"
    return str(value)


def _visible(path: Sequence[Step]) -> tuple[Step, ...]:
    """The path without the steps that only the long form has (the empty element name)."""
    return tuple(step for step in path if step not in ("", "[key]"))


def _trail(schema: Schema, path: Sequence[Step]) -> list[tuple[Step, Schema]]:
    """Each step of the path with the part of the schema that describes it.

    A step of the long form that the short form lacks keeps the description it had before.
    """
    here = schema
    trail: list[tuple[Step, Schema]] = []
    for step in path:
        here = _child(schema, here, step)
        trail.append((step, here))
    return trail


def _child(schema: Schema, here: Schema, step: Step) -> Schema:
    """The description of what stands under `step`, through references and alternatives."""
    for option in _options(schema, here):
        if isinstance(step, int):
            if "items" in option:
                return _inherit(_resolved(schema, option["items"]), here)
            if "properties" in option:
                return here  # a list of one, in its short form
        elif step in option.get("properties", {}):
            return _resolved(schema, option["properties"][step])
        elif isinstance(option.get("additionalProperties"), dict):
            return _inherit(_resolved(schema, option["additionalProperties"]), here)
        elif "patternProperties" in option:
            (inner,) = option["patternProperties"].values()
            return _inherit(_resolved(schema, inner), here)
    return here


def _inherit(inner: Schema, outer: Schema) -> Schema:
    """An item without words of its own is described by the words of the whole."""
    if "description" in inner or "description" not in outer:
        return inner
    return {k: outer[k] for k in ("description", "examples") if k in outer} | inner


def _options(schema: Schema, here: Schema) -> list[Schema]:
    """The alternatives of a schema, lists before single mappings, references followed."""
    options = [_resolved(schema, option) for option in here.get("anyOf", [])] or [here]
    return sorted(options, key=lambda option: "items" not in option)


def _resolved(schema: Schema, part: Schema) -> Schema:
    """The part with its reference followed; words beside the reference win."""
    if "$ref" not in part:
        return part
    name = str(part["$ref"]).rsplit("/", 1)[-1]
    definition: Schema = schema["$defs"][name]
    return definition | {k: v for k, v in part.items() if k != "$ref"}
