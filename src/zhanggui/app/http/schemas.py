"""How our structs are described in the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from litestar.openapi.spec import Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.plugins.core._msgspec import kwarg_definition_from_field
from litestar.types import Empty
from litestar.typing import FieldDefinition


class StructSchemas(OpenAPISchemaPlugin):
    """Describes msgspec structs, also those whose defaults are structs themselves.

    The framework's own plugin looks the default up in a set, which fails for a struct that holds a dictionary.
    """

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Whether it is one struct."""
        return not field_definition.is_union and field_definition.is_subclass_of(msgspec.Struct)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """The struct's schema, with a tag where it is one of a tagged union."""
        hints = field_definition.get_type_hints(include_extras=True, resolve_generics=True)
        struct: Any = msgspec.inspect.type_info(field_definition.type_)
        fields = {field.encode_name: _described(field, hints[field.name]) for field in struct.fields}
        required = [field.encode_name for field in struct.fields if field.required]
        if struct.tag_field:
            fields[struct.tag_field] = FieldDefinition.from_annotation(Literal[struct.tag])
            required.append(struct.tag_field)
        schema: Schema = schema_creator.create_component_schema(
            field_definition, required=sorted(required), property_fields=fields
        )
        if struct.forbid_unknown_fields:
            schema.additional_properties = False
        return schema


def _described(field: Any, annotation: Any) -> FieldDefinition:
    definition = kwarg_definition_from_field(field)[0]
    extra = {"kwarg_definition": definition} if definition else {}
    return FieldDefinition.from_annotation(
        annotation=annotation, name=field.encode_name, default=_default(field), **extra
    )


def _default(field: Any) -> Any:
    is_plain = field.default is None or isinstance(field.default, str | int | float | bool)
    return msgspec.to_builtins(field.default) if is_plain else Empty
