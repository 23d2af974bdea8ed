"""How our types are described in the OpenAPI document: with every bound that msgspec checks.

The framework's own description of a struct leaves out what stands inside a list, a mapping or a union, and the bounds
of a mapping's keys; a client that believes it would be refused.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.datastructures import UploadFile
from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Reference, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition
from msgspec import inspect

Described = Schema | Reference

_PLAIN: dict[type, Schema] = {
    inspect.BoolType: Schema(type=OpenAPIType.BOOLEAN),
    inspect.NoneType: Schema(type=OpenAPIType.NULL),
    inspect.DateTimeType: Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE_TIME),
    inspect.BytesType: Schema(type=OpenAPIType.STRING),
    inspect.DecimalType: Schema(type=OpenAPIType.STRING),
    inspect.DateType: Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE),
}


class MsgspecSchemas(OpenAPISchemaPlugin):
    """Describes structs, and plain types that carry `msgspec.Meta`."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Whether it is one struct, or one plain type with bounds."""
        if field_definition.is_union:
            return False
        has_meta = any(isinstance(one, msgspec.Meta) for one in field_definition.metadata)
        return has_meta or field_definition.is_subclass_of(msgspec.Struct)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """The schema; a struct becomes a component of the document."""
        if field_definition.is_subclass_of(msgspec.Struct):
            return _component(field_definition, schema_creator)
        described = _described(inspect.type_info(field_definition.raw), schema_creator)
        assert isinstance(described, Schema)
        return described


def _component(field_definition: FieldDefinition, creator: Any) -> Schema:
    struct: Any = inspect.type_info(field_definition.annotation)
    required = [field.encode_name for field in struct.fields if field.required]
    properties = {field.encode_name: _property(field, creator) for field in struct.fields}
    if struct.tag_field:
        properties[struct.tag_field] = Schema(const=struct.tag)
        required.append(struct.tag_field)
    schema: Schema = creator.create_component_schema(field_definition, required=sorted(required), property_fields={})
    schema.properties = properties
    schema.additional_properties = not struct.forbid_unknown_fields
    return schema


def _property(field: Any, creator: Any) -> Described:
    described = _described(field.type, creator)
    is_plain = isinstance(field.default, str | int | float | bool)
    if isinstance(described, Schema) and is_plain:
        described.default = msgspec.to_builtins(field.default)
    return described


def _described(kind: Any, creator: Any) -> Described:
    match kind:
        case inspect.Metadata():
            inner = _described(kind.type, creator)
            return inner if isinstance(inner, Reference) else _with_extra(inner, kind.extra_json_schema or {})
        case inspect.StructType():
            reference: Described = creator.for_field_definition(FieldDefinition.from_annotation(kind.cls))
            return reference
        case inspect.UnionType():
            known = [one for one in kind.types if not isinstance(one, inspect.CustomType)]
            return Schema(any_of=[_described(one, creator) for one in known])
        case inspect.EnumType():
            return Schema(type=OpenAPIType.STRING, enum=[one.value for one in kind.cls])
        case inspect.LiteralType():
            return Schema(enum=list(kind.values))
        case inspect.StrType():
            return Schema(
                type=OpenAPIType.STRING, min_length=kind.min_length, max_length=kind.max_length, pattern=kind.pattern
            )
        case inspect.IntType() | inspect.FloatType():
            return _number(kind)
    return _collection(kind, creator)


def _number(kind: Any) -> Schema:
    return Schema(
        type=OpenAPIType.INTEGER if isinstance(kind, inspect.IntType) else OpenAPIType.NUMBER,
        minimum=kind.ge,
        maximum=kind.le,
        exclusive_minimum=kind.gt,
        exclusive_maximum=kind.lt,
        multiple_of=kind.multiple_of,
    )


def _collection(kind: Any, creator: Any) -> Described:
    match kind:
        case inspect.DictType():
            return Schema(
                type=OpenAPIType.OBJECT,
                property_names=_names(_described(kind.key_type, creator)),
                additional_properties=_described(kind.value_type, creator),
                min_properties=kind.min_length,
                max_properties=kind.max_length,
            )
        case inspect.TupleType():
            items = [_described(one, creator) for one in kind.item_types]
            return Schema(type=OpenAPIType.ARRAY, prefix_items=items, min_items=len(items), max_items=len(items))
        case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
            return Schema(
                type=OpenAPIType.ARRAY,
                items=_described(kind.item_type, creator),
                min_items=kind.min_length,
                max_items=kind.max_length,
            )
    if isinstance(kind, inspect.CustomType) and issubclass(kind.cls, UploadFile):
        return Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
    plain = _PLAIN.get(type(kind), Schema())
    return Schema(type=plain.type, format=plain.format)


def _names(described: Described) -> Described | None:
    """Names are always text: only their bounds say anything."""
    if isinstance(described, Schema) and not (described.pattern or described.max_length or described.min_length):
        return None
    return described


def _with_extra(schema: Schema, extra: dict[str, Any]) -> Schema:
    schema.description = extra.get("description", schema.description)
    return schema
