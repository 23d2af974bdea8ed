"""From the file and the environment to settings."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from zhanggui.kernel.errors import InvalidInput, Kind, Unavailable

from .secrets import PREFIX
from .sections import Section, Settings

FILE_NAME = "zhanggui.toml"
NOT_SETTINGS = frozenset(
    {"CONFIG", "DATA", "ROUNDS", "URL", "KEY", "SHOP", "MASTER_KEY", "WEBHOOK_SECRET", "METRICS_KEY"}
    | {"WEBHOOK_SECRET_FILE", "METRICS_KEY_FILE", "PUBLISHABLE_KEY", "SERVICE_KEY"}
    | {
        f"{name}{suffix}"
        for name in (
            "SMTP_PASSWORD",
            "KMS_TOKEN",
            "BACKUP_KEY",
            "WECOM_ROBOT",
            "FEISHU_ROBOT",
            "FEISHU_SECRET",
            "DINGTALK_ROBOT",
            "DINGTALK_SECRET",
        )
        for suffix in ("", "_FILE")
    }
)
"""Variables with our prefix that are no settings: secrets, the tests' data, what a client reads."""
_PASSWORD = re.compile(r"(//[^/:@\s]*:)[^@/\s]*@")
_KUBERNETES = ("SERVICE_HOST", "SERVICE_PORT", "PORT")  # set by Kubernetes for any service called `zhanggui`


class Setting(msgspec.Struct, frozen=True):
    """One setting, for a reader: `path` in the file, `variable` in the environment, its type, default and help."""

    path: str
    variable: str
    type_name: str
    default: str
    help: str


class HeldSetting(msgspec.Struct, frozen=True, kw_only=True):
    """A setting as it holds now: its value as text, where that comes from, and how the file would say it."""

    setting: Setting
    value: str
    source: Literal["file", "variable", "default"]
    line: str


class SettingsError(InvalidInput):
    """A setting is unknown, of the wrong type or out of bounds; the message names it and where it was read."""

    code, kind = "settings.invalid", Kind.INVALID


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the settings that hold now.

    Args:
        path: the TOML file. Without one: `ZHANGGUI_CONFIG`, else `zhanggui.toml` in the home folder if it is there.
        environ: variables above the file, usually `os.environ`.

    Raises:
        SettingsError: something in the file or the environment is unknown, of the wrong type or out of bounds.
        Unavailable: a file that was named cannot be read.
    """
    found = _file(path, environ)
    values: dict[str, Any] = {}
    if found is not None:
        for place, value in _leaves(_parse(found), found.name):
            values[place] = _convert(place, value, f"{place} in {found.name}", strict=True)
    for name, text in environ.items():
        meant = _place_of_variable(name)
        if meant is not None:
            values[meant] = _convert(meant, _from_text(meant, text), name, strict=False)
    settings: Settings = msgspec.convert(_nest(values), Settings, dec_hook=_path_from_text)
    _require_time_zone(settings.shop.time_zone)
    return settings


def all_settings() -> tuple[Setting, ...]:
    """Every setting with its default and help, in the order of the file."""
    return tuple(
        Setting(
            path, PREFIX + path.upper().replace(".", "__"), _type_name(hint), _as_text(default), meta.description or ""
        )
        for path, (hint, default, meta) in _known().items()
    )


def held_settings(settings: Settings, file: Path) -> tuple[HeldSetting, ...]:
    """Every setting as it holds now. Passwords in addresses are masked.

    A server hands its settings to its workers as variables, so that a value counts as one only where neither the
    file nor the default explains it.
    """
    written = dict(_leaves(_parse(file), file.name)) if file.is_file() else {}
    found = []
    for setting in all_settings():
        value: Any = settings
        for part in setting.path.split("."):
            value = getattr(value, part)
        text = _as_text(value)
        is_written = setting.path in written and _as_text(_tuple(written[setting.path])) == text
        source: Literal["file", "variable", "default"] = "variable"
        if is_written or text == setting.default:
            source = "file" if is_written else "default"
        shown = _PASSWORD.sub(r"\1…@", text)
        line = f"{setting.path.rpartition('.')[2]} = {_as_toml(value, shown)}"
        found.append(HeldSetting(setting=setting, value=shown, source=source, line=line))
    return tuple(found)


def _tuple(value: Any) -> Any:
    return tuple(map(str, value)) if isinstance(value, list) else value


def _as_toml(value: Any, text: str) -> str:
    if isinstance(value, bool | int | float):
        return text
    if isinstance(value, tuple):
        return msgspec.json.encode(value).decode()
    return msgspec.json.encode(text).decode()


def settings_environ(settings: Settings) -> dict[str, str]:
    """The variables that make `load_settings` give exactly `settings`: how a parent hands them to its workers."""
    environ = {}
    for path in _known():
        value: Any = settings
        for part in path.split("."):
            value = getattr(value, part)
        environ[PREFIX + path.upper().replace(".", "__")] = _as_text(value)
    return environ


def _require_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise SettingsError(
            f"shop.time_zone is {name!r}, which is no time zone.",
            hint=_near(name, sorted(available_timezones())) or "Write an IANA name: Asia/Shanghai",
        ) from None


def _file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    if path is not None:
        return path
    if named := environ.get(f"{PREFIX}CONFIG"):
        return Path(named)
    beside = Path(environ.get(f"{PREFIX}HOME") or Settings().home) / FILE_NAME
    return beside if beside.is_file() else None


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} is not TOML: {error}.", hint="Text values stand in quotes.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path.name} is not UTF-8 text.", hint="Save it as UTF-8.") from error
    except OSError as error:
        raise Unavailable(
            f"The settings file {path} cannot be read: {error.strerror}.", hint="Check its path."
        ) from error


@functools.cache
def _known() -> dict[str, tuple[Any, Any, msgspec.Meta]]:
    """Path of each setting → its type, default and meta."""
    known: dict[str, tuple[Any, Any, msgspec.Meta]] = {}

    def walk(struct: type[Section], prefix: str) -> None:
        hints = get_type_hints(struct, include_extras=True)
        for field in msgspec.structs.fields(struct):
            if isinstance(field.default, Section):
                walk(type(field.default), f"{field.name}.")
            else:
                hint = hints[field.name]
                known[prefix + field.name] = (hint, field.default, get_args(hint)[1])

    walk(Settings, "")
    return known


def _leaves(table: dict[str, Any], file: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
    known = _known()
    sections = {path.split(".")[0] for path in known if "." in path}
    for key, value in table.items():
        place = prefix + key
        if place in known:
            yield place, value
        elif not prefix and key in sections:
            if not isinstance(value, dict):
                raise SettingsError(f"{key} in {file} must be a table.", hint=f"Write [{key}] on a line of its own.")
            yield from _leaves(value, file, f"{key}.")
        else:
            raise SettingsError(f"{file} has {place!r}, which is no setting.", hint=_unknown_hint(place))


def _unknown_hint(place: str) -> str:
    known = [*_known(), *{path.split(".")[0] for path in _known() if "." in path}]
    leaf = place.rpartition(".")[2]
    if leaf.upper() in NOT_SETTINGS:
        return f"Secrets do not stand in the file: set the variable {PREFIX}{leaf.upper()}."
    same_leaf = [path for path in known if path.rpartition(".")[2] == leaf]
    return (f"Did you mean {same_leaf[0]!r}?" if same_leaf else _near(place, known)) or "docs/operate.md lists them."


def _near(seen: str, known: list[str]) -> str:
    near = difflib.get_close_matches(seen, known, n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


def _place_of_variable(name: str) -> str | None:
    if not name.startswith(PREFIX):
        return None
    rest = name.removeprefix(PREFIX)
    place = rest.lower().replace("__", ".")
    if place in _known():
        return place
    if rest in NOT_SETTINGS or rest.startswith("TEST_") or rest in _KUBERNETES:
        return None
    if rest.startswith(("PORT_", "SERVICE_PORT_")):
        return None
    near = difflib.get_close_matches(place, _known(), n=1)
    variable = PREFIX + near[0].upper().replace(".", "__") if near else ""
    raise SettingsError(
        f"The environment has {name}, which sets nothing.",
        hint=f"Did you mean {variable}?" if variable else "docs/operate.md lists the settings.",
    )


def _from_text(place: str, text: str) -> Any:
    inner = get_args(_known()[place][0])[0]
    if get_origin(inner) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _convert(place: str, value: Any, seen_at: str, *, strict: bool) -> Any:
    try:
        return msgspec.convert(value, _known()[place][0], strict=strict, dec_hook=_path_from_text)
    except msgspec.ValidationError as error:
        raise SettingsError(
            f"{seen_at} is {value!r}: {str(error).replace(' - at `$`', '')}.", hint=f"{_known()[place][2].description}"
        ) from None


def _path_from_text(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str | Path):
        return Path(value)
    raise TypeError(f"Expected `str`, got `{type(value).__name__}`")


def _nest(values: Mapping[str, Any]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for place, value in values.items():
        section, _, leaf = place.rpartition(".")
        (nested.setdefault(section, {}) if section else nested)[leaf] = value
    return nested


def _type_name(hint: Any) -> str:
    inner = get_args(hint)[0]
    if get_origin(inner) is Literal:
        return " | ".join(get_args(inner))
    return (
        "list of text"
        if get_origin(inner) is tuple
        else {"str": "text", "Path": "path"}.get(inner.__name__, inner.__name__)
    )
