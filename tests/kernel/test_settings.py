"""Settings: what is read, what is above what, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.settings import (
    SecretMissing,
    ServerSettings,
    Settings,
    SettingsError,
    all_settings,
    load_secret,
    load_settings,
    settings_environ,
)


def written(folder: Path, text: str) -> Path:
    path = folder / "zhanggui.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_file_and_environment_the_defaults_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)

    assert load_settings(None, {}) == Settings()


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, 'home = "data"\n[server]\nport = 9000\nworkers = 3\n[features]\nopenapi = false\n')

    settings = load_settings(path, {"ZHANGGUI_SERVER__PORT": "9001", "PATH": "/bin"})

    assert (settings.home, settings.server.port, settings.server.workers) == (Path("data"), 9001, 3)
    assert settings.features.openapi is False


def test_the_file_is_found_by_variable_or_in_the_home_folder(tmp_path: Path) -> None:
    path = written(tmp_path, "[jobs]\nnice = 3\n")

    assert load_settings(None, {"ZHANGGUI_CONFIG": str(path)}).jobs.nice == 3
    assert load_settings(None, {"ZHANGGUI_HOME": str(tmp_path)}).jobs.nice == 3


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "[server]\nprot = 1\n",
            "zhanggui.toml has 'server.prot', which is no setting.",
            "Did you mean 'server.port'?",
        ),
        ("[sever]\nport = 1\n", "zhanggui.toml has 'sever', which is no setting.", "Did you mean 'server'?"),
        ("port = 1\n", "zhanggui.toml has 'port', which is no setting.", "Did you mean 'server.port'?"),
        ("[server]\nport = 'x'\n", "server.port in zhanggui.toml is 'x': Expected `int`, got `str`.", "port to listen"),
        (
            "[server]\nport = 99999\n",
            "server.port in zhanggui.toml is 99999: Expected `int` <= 65535.",
            "port to listen",
        ),
        ("server = 1\n", "server in zhanggui.toml must be a table.", "[server]"),
        ("master_key = 'x'\n", "zhanggui.toml has 'master_key', which is no setting.", "ZHANGGUI_MASTER_KEY"),
        (
            "[shop]\ntime_zone='Asia/Shanghay'\n",
            "shop.time_zone is 'Asia/Shanghay', which is no time zone.",
            "Asia/Shang",
        ),
        ("port = \n", "zhanggui.toml is not TOML", "quotes"),
        ("[log]\nlevel = 'loud'\n", "log.level in zhanggui.toml is 'loud': Invalid enum value 'loud'.", "least level"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place_and_a_cure(
    tmp_path: Path, text: str, message: str, hint: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(written(tmp_path, text), {})

    assert str(refused.value).startswith(message)
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ZHANGGUI_SERVER__PROT", "1", "Did you mean ZHANGGUI_SERVER__PORT?"),
        ("ZHANGGUI_HOEM", "x", "Did you mean ZHANGGUI_HOME?"),
        ("ZHANGGUI_SERVER__PORT", "eight", "port to listen on"),
    ],
)
def test_a_mistake_in_the_environment_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(None, {name: value})

    assert name in str(refused.value)
    assert words in refused.value.hint


def test_variables_that_kubernetes_sets_and_secrets_are_no_mistake() -> None:
    environ = {"ZHANGGUI_PORT": "tcp://x:1", "ZHANGGUI_SERVICE_HOST": "x", "ZHANGGUI_PORT_80_TCP": "x"}

    assert load_settings(None, environ | {"ZHANGGUI_MASTER_KEY": "k", "ZHANGGUI_DATA": "d"}).server.port == 8000


def test_a_named_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be read"):
        load_settings(tmp_path / "none.toml", {})


@given(
    st.integers(0, 65535),
    st.booleans(),
    st.lists(st.from_regex(r"https://[a-z]{1,8}\.cn", fullmatch=True), max_size=3),
    st.floats(0.5, 100),
)
def test_a_parent_hands_its_settings_to_its_workers_exactly(
    port: int, insecure: bool, origins: list[str], timeout_s: float
) -> None:
    server = ServerSettings(port=port, insecure=insecure, allowed_origins=tuple(origins))
    outbox = msgspec.structs.replace(Settings().outbox, timeout_s=timeout_s)
    settings = Settings(home=Path("/data"), server=server, outbox=outbox)

    assert load_settings(None, settings_environ(settings)) == settings


def test_every_setting_has_help_and_stands_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs/operate.md").read_text(encoding="utf-8")

    for setting in all_settings():
        assert setting.help
        assert f"| `{setting.path}` | {setting.type_name.replace('|', 'or')} |" in page, setting.path
        assert setting.help in page, setting.path


def test_a_secret_comes_from_a_variable_a_named_file_or_the_home_folder(tmp_path: Path) -> None:
    (tmp_path / "webhook_secret.secret").write_text("from home\n")
    (tmp_path / "other").write_text("from file\n")

    assert load_secret("webhook_secret", tmp_path, {}) == "from home"
    assert (
        load_secret("webhook_secret", tmp_path, {"ZHANGGUI_WEBHOOK_SECRET_FILE": str(tmp_path / "other")})
        == "from file"
    )
    assert load_secret("webhook_secret", tmp_path, {"ZHANGGUI_WEBHOOK_SECRET": " said "}) == "said"
    assert load_secret("metrics_key", tmp_path, {}) is None


def test_a_secret_file_that_is_named_and_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretMissing, match="METRICS_KEY_FILE"):
        load_secret("metrics_key", tmp_path, {"ZHANGGUI_METRICS_KEY_FILE": str(tmp_path / "none")})
