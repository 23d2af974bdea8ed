"""The settings themselves: sections of frozen structs, each field with its default, bounds and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec


def _meta(help_: str, **bounds: Any) -> msgspec.Meta:
    return msgspec.Meta(description=help_, **bounds)


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of all sections."""


class ServerSettings(Section, frozen=True):
    """`[server]`: the HTTP server."""

    host: Annotated[str, _meta("address to listen on")] = "127.0.0.1"
    port: Annotated[int, _meta("port to listen on", ge=0, le=65535)] = 8000
    workers: Annotated[int, _meta("server processes", ge=1, le=256)] = 2
    threads: Annotated[int, _meta("threads of each worker for routes that wait", ge=1, le=256)] = 16
    native_threads: Annotated[int, _meta("threads of native libraries in each worker", ge=1, le=256)] = 1
    backlog: Annotated[int, _meta("connections that may wait to be accepted", ge=128, le=65535)] = 1024
    drain_s: Annotated[int, _meta("seconds that requests in flight get when the server stops", ge=1, le=600)] = 15
    max_body_mb: Annotated[int, _meta("largest request body, in MiB", ge=1, le=1024)] = 16
    allowed_origins: Annotated[
        tuple[str, ...],
        _meta("web origins whose pages may call the API, beside those that publishable keys list (CORS)"),
    ] = ()
    tls_cert: Annotated[str, _meta("certificate chain, PEM file")] = ""
    tls_key: Annotated[str, _meta("private key of the certificate, PEM file")] = ""
    insecure: Annotated[bool, _meta("listen on a public address without TLS")] = False
    public_address: Annotated[
        str,
        _meta(
            "where people reach the pages, for links: https://shop.example; empty: host and port",
            pattern=r"^(https?://[^/\s]+)?$(?!\n)",
        ),
    ] = ""

    @property
    def address(self) -> str:
        """Where people reach the pages: as it is set, else this machine's own name for itself."""
        if self.public_address:
            return self.public_address
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104
        named = f"[{host}]" if ":" in host else host
        return f"{'https' if self.tls_cert else 'http'}://{named}:{self.port}"


class ShopSettings(Section, frozen=True):
    """`[shop]`: what a new shop starts with."""

    title: Annotated[str, _meta("what the shop is called on its pages; empty: its name", max_length=64)] = ""
    time_zone: Annotated[str, _meta("time zone whose days the shop counts (IANA name)")] = "Asia/Shanghai"
    language: Annotated[str, _meta("language of words for people (BCP 47)")] = "zh"
    currency: Annotated[str, _meta("currency of prices (ISO 4217)", pattern=r"^[A-Z]{3}$(?!\n)")] = "CNY"
    hot_days: Annotated[
        int, _meta("days (UTC) of events that stay in the store, today included, before the archive takes them", ge=1)
    ] = 3
    contest_days: Annotated[int, _meta("days within which a person answers what a shopper contests", ge=1, le=90)] = 15


class OutboxSettings(Section, frozen=True):
    """`[outbox]`: how approved proposals leave."""

    webhook_url: Annotated[str, _meta("where approved changes are posted, signed; empty: by file or by hand")] = ""
    allow_private: Annotated[bool, _meta("post to addresses inside the own network, and over plain HTTP")] = False
    timeout_s: Annotated[float, _meta("seconds to wait for the receiver", gt=0, le=120)] = 10.0
    max_attempts: Annotated[int, _meta("deliveries tried before a person is asked", ge=1, le=50)] = 12


class BriefSettings(Section, frozen=True):
    """`[brief]`: the morning brief. Addresses of robots and passwords are secrets, not settings."""

    at: Annotated[
        str,
        _meta("from when on it goes out, in the shop's time zone", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"),
    ] = "08:30"
    email_to: Annotated[tuple[str, ...], _meta("addresses that get it by e-mail")] = ()
    email_from: Annotated[str, _meta("address that it comes from; empty: the user of the mail server")] = ""
    smtp_host: Annotated[str, _meta("mail server; empty: no e-mail")] = ""
    smtp_port: Annotated[int, _meta("its port", ge=1, le=65535)] = 587
    smtp_security: Annotated[Literal["starttls", "tls", "none"], _meta("how the way to it is encrypted")] = "starttls"
    smtp_user: Annotated[str, _meta("user of the mail server; empty: no login")] = ""
    timeout_s: Annotated[float, _meta("seconds to wait for a mail server or a robot", gt=0, le=120)] = 10.0
    allow_private: Annotated[bool, _meta("post to robots over plain HTTP")] = False


class WatchSettings(Section, frozen=True):
    """`[watch]`: from where on something unusual is told, and where to."""

    sensitivity: Annotated[
        float,
        _meta("robust standard deviations above the own history's median, from where on it is told", ge=1, le=100),
    ] = 5.0
    least_reading: Annotated[
        int, _meta("requests for people's data that one user or key may make in a day without a word", ge=1)
    ] = 60
    least_export: Annotated[int, _meta("exports in a day without a word", ge=1)] = 5
    least_logins: Annotated[int, _meta("failed logins in a day without a word", ge=1)] = 20
    least_days: Annotated[int, _meta("days that make a history", ge=3, le=28)] = 7
    webhook_url: Annotated[str, _meta("where alerts are posted, signed as the outbox does; empty: console and log")] = (
        ""
    )


class KeySettings(Section, frozen=True):
    """`[keys]`: a key management service that wraps the master keys. Its token is a secret, not a setting."""

    kms_url: Annotated[
        str, _meta("key management service shaped like Vault's transit engine: https://vault.example:8200/v1/transit")
    ] = ""
    kms_key: Annotated[str, _meta("name of the key there", pattern=r"^[A-Za-z0-9_.-]{1,128}$(?!\n)")] = "zhanggui"
    kms_command: Annotated[
        tuple[str, ...], _meta("program that wraps and unwraps master keys, with its arguments, instead of an address")
    ] = ()
    kms_timeout_s: Annotated[float, _meta("seconds to wait for the key management service", gt=0, le=120)] = 10.0


class JobSettings(Section, frozen=True):
    """`[jobs]`: the process for background work."""

    nice: Annotated[int, _meta("how far the jobs process stands back for the server (nice)", ge=0, le=19)] = 10
    lease_s: Annotated[int, _meta("seconds after which the job of a dead process is taken over", ge=5, le=3600)] = 60
    poll_ms: Annotated[int, _meta("milliseconds between looks for new work", ge=50, le=60_000)] = 500
    native_threads: Annotated[int, _meta("threads of native libraries; 0: one for each core", ge=0, le=256)] = 0


class RecommendSettings(Section, frozen=True):
    """`[recommend]`: recommendations."""

    memory_mb: Annotated[
        int, _meta("memory that the training of one shop's model may take, in MiB", ge=1, le=1_048_576)
    ] = 1024
    choose_seconds: Annotated[
        int, _meta("seconds of the processor for trying methods while training; 0: none is tried", ge=0, le=86_400)
    ] = 120
    train_every_hours: Annotated[
        int, _meta("train anew when the last training is so old; 0: not by time", ge=0, le=8760)
    ] = 24
    train_new_percent: Annotated[
        int, _meta("train anew after so many new events, in percent of those before; 0: not by events", ge=0, le=10_000)
    ] = 20
    most_suspect_percent: Annotated[
        float,
        _meta(
            "events of a training that may look like manipulation, in percent; more stop it; 100: never", ge=0, le=100
        ),
    ] = 5.0


class FairnessSettings(Section, frozen=True):
    """`[fairness]`: from where on a figure about groups of people is told as an alert."""

    smallest_group: Annotated[int, _meta("people below which nothing is told of a group", ge=5, le=1_000_000)] = 20
    least_ratio: Annotated[
        float, _meta("least share of a group beside the most served one's, as a ratio; 0: no alert", ge=0, le=1)
    ] = 0.8
    most_difference: Annotated[float, _meta("most difference between two groups' shares; 1: no alert", ge=0, le=1)] = (
        0.1
    )
    reweigh: Annotated[bool, _meta("let groups of people teach the recommender alike, whatever their size")] = False
    erase_tastes: Annotated[bool, _meta("tell tastes of profiles without what tells gender, age or region")] = False
    head_start: Annotated[
        float,
        _meta(
            "what products below list price gain in every list, as a share of its spread of values; 0: none", ge=0, le=1
        ),
    ] = 0.0
    most_gini: Annotated[float, _meta("most uneven a week's lists may show goods, 0 to 1; 1: no alert", ge=0, le=1)] = (
        0.95
    )
    least_entropy: Annotated[
        float, _meta("least variety of categories of a week's lists, in bits; 0: no alert", ge=0, le=64)
    ] = 1.0
    least_new_sellers: Annotated[float, _meta("least share of places for new sellers; 0: no alert", ge=0, le=1)] = 0.0
    least_novelty: Annotated[float, _meta("least novelty of a week's lists, in bits; 0: no alert", ge=0, le=64)] = 0.0
    most_bubble: Annotated[
        float, _meta("most narrow the middle person's lists may be, 0 to 1; 1: no alert", ge=0, le=1)
    ] = 0.8
    most_narrowing: Annotated[
        float,
        _meta("most that the middle person's bubble may grow from the first to the last week; 1: no alert", ge=0, le=1),
    ] = 0.1


class PrivacySettings(Section, frozen=True):
    """`[privacy]`: what figures for analysts may tell."""

    budget: Annotated[float, _meta("epsilon that an audience has until an owner grants anew", gt=0, le=100)] = 4.0
    floor: Annotated[int, _meta("people below which nothing is told without noise", ge=10, le=1_000_000)] = 10
    most_per_person: Annotated[int, _meta("purchases of one person that count in a figure", ge=1, le=1000)] = 10
    most_minor: Annotated[int, _meta("minor units of one purchase that count in a sum", ge=1, le=10**9)] = 100_000
    stay_out: Annotated[tuple[str, ...], _meta("shops that are in no figure across shops")] = ()


class LogSettings(Section, frozen=True):
    """`[log]`: what is said on stderr."""

    level: Annotated[Literal["debug", "info", "warning", "error"], _meta("least level that is written")] = "info"
    format: Annotated[Literal["auto", "json", "console"], _meta("auto: console on a terminal, else JSON")] = "auto"


class FeatureSettings(Section, frozen=True):
    """`[features]`: what can be switched; read where parts are put together, nowhere else."""

    openapi: Annotated[bool, _meta("the page at /docs that describes the API")] = True
    fetch_pictures: Annotated[bool, _meta("load pictures from public addresses where an import asks for it")] = True
    tour: Annotated[
        bool, _meta("the page /tour, where anybody may try the demo shop and a file of their own without a login")
    ] = False


class Settings(Section, frozen=True):
    """All settings of one installation."""

    home: Annotated[Path, _meta("folder of all data")] = Path("zhanggui-data")
    database: Annotated[str, _meta("sqlite, or postgresql://user:password@host/name")] = "sqlite"
    server: ServerSettings = ServerSettings()
    shop: ShopSettings = ShopSettings()
    outbox: OutboxSettings = OutboxSettings()
    brief: BriefSettings = BriefSettings()
    keys: KeySettings = KeySettings()
    watch: WatchSettings = WatchSettings()
    jobs: JobSettings = JobSettings()
    recommend: RecommendSettings = RecommendSettings()
    fairness: FairnessSettings = FairnessSettings()
    privacy: PrivacySettings = PrivacySettings()
    log: LogSettings = LogSettings()
    features: FeatureSettings = FeatureSettings()
