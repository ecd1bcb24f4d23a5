"""Settings, from the environment or a `.env` file. A wrong one stops the start with one line that
names it.
"""

import re
import secrets
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting is missing or wrong; the text is one line that names it."""


class Settings(BaseSettings):
    """Every setting of the program. `viesis check` prints them with their descriptions."""

    model_config = SettingsConfigDict(env_prefix="VIESIS_", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite://viesis.db", description="sqlite://path or postgres://user:pass@host/name"
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="the public address, without a slash at the end"
    )
    secret_key: str = Field(
        "",
        description="long and random, at least 16 characters; addresses and tickets are made from it",
    )
    smtp_url: str = Field(
        "",
        description="smtp://user:pass@host:port?starttls=auto|always|never or smtps://…; empty: mail is kept, not sent",
    )
    mail_from: str = Field("Viesis <viesis@localhost>", description="the sender of every mail")
    mail_per_minute: int = Field(
        0, ge=0, description="mails a minute that the mail server takes; 0: no limit"
    )
    mail_per_domain_minute: int = Field(
        0, ge=0, description="mails a minute to addresses of one domain; 0: no limit"
    )
    dkim_key: str = Field(
        "", description="a file with the RSA key that signs every mail (DKIM); empty: none signed"
    )
    dkim_selector: str = Field("viesis", description="the name of that key in the sender's domain")
    mail_in: str = Field(
        "",
        description="where the worker takes in bounces and replies, smtp:// or lmtp://host:port; empty: nowhere",
    )
    mail_in_domain: str = Field(
        "", description="the domain of addresses that mail comes back to; the sender's by default"
    )
    timezone: str = Field("Europe/Riga", description="the zone of the installation")
    trusted_proxies: str = Field(
        "", description="addresses or networks of reverse proxies, separated by commas"
    )
    data_dir: Path = Field(Path("data"), description="uploads and certificates")
    private_keys: str = Field(
        "",
        description="keys for dietary and access needs, separated by commas, the newest first (at least 32 characters)",
    )
    limits: Literal["on", "off"] = Field("on", description="rate limits; off for load tests")
    registrations_per_hour: int = Field(
        60,
        ge=1,
        description="registrations an hour from one address of the network; more where many people share one",
    )

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite://", "postgres://", "postgresql://")):
            raise ValueError("must begin with sqlite:// or postgres://")
        if not value.split("://", 1)[1] or not (value.startswith("sqlite:") or _has_port(value)):
            raise ValueError("must be sqlite://path or postgres://user:pass@host/name")
        return value.replace("postgresql://", "postgres://", 1)

    @field_validator("base_url")
    @classmethod
    def _base(cls, value: str) -> str:
        parts = urlsplit(value)
        if (
            parts.scheme not in {"http", "https"}
            or not parts.netloc
            or parts.query
            or not _has_port(value)
        ):
            raise ValueError("must be an http or https address")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str) -> str:
        if value:
            parts = urlsplit(value)
            if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _has_port(value):
                raise ValueError("must be smtp://host:port or smtps://host:port")
            starttls = parse_qs(parts.query).get("starttls", ["auto"])[0]
            if starttls not in {"auto", "always", "never"}:
                raise ValueError("starttls must be auto, always or never")
        return value

    @field_validator("mail_in")
    @classmethod
    def _mail_in(cls, value: str) -> str:
        if value and not (re.fullmatch(r"(smtp|lmtp)://[^/?#@]+:\d+", value) and _has_port(value)):
            raise ValueError("must be smtp://host:port or lmtp://host:port")
        return value

    @field_validator("dkim_key")
    @classmethod
    def _dkim(cls, value: str) -> str:
        if value and not Path(value).is_file():
            raise ValueError(f"there is no file {value}")
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is not a known time zone") from error
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: str) -> str:
        for part in filter(None, (p.strip() for p in value.split(","))):
            ip_network(part, strict=False)
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: str) -> str:
        if value and len(value) < 16:
            raise ValueError("must have at least 16 characters")
        return value

    @field_validator("mail_from")
    @classmethod
    def _from(cls, value: str) -> str:
        if not re.fullmatch(r"[^<>@\s]+@[^<>@\s]+|[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>", value.strip()):
            raise ValueError("must be an address like Viesis <viesis@example.org>")
        return value

    @property
    def sqlite_path(self) -> Path | None:
        """The database's file on SQLite, else None."""
        if not self.database_url.startswith("sqlite://"):
            return None
        return Path(self.database_url.removeprefix("sqlite://").split("?")[0])

    @property
    def proxies(self) -> list[str]:
        """The trusted proxies, as addresses or networks."""
        return [p.strip() for p in self.trusted_proxies.split(",") if p.strip()]

    @property
    def secure(self) -> bool:
        """Whether the public address is https."""
        return self.base_url.startswith("https://")


def _has_port(url: str) -> bool:
    """Whether the port of an address, if it names one, is a number."""
    try:
        return urlsplit(url).port is None or bool(urlsplit(url).port)
    except ValueError:
        return False


def load(**given: object) -> Settings:
    """Read the settings, checked. Raises SettingsError with one line naming the first wrong one."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks the types of what is given
    except ValidationError as error:
        first = error.errors()[0]
        name = "VIESIS_" + str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from error
    if not settings.secret_key:
        settings.secret_key = _kept_secret(settings)
    return settings


def _kept_secret(settings: Settings) -> str:
    """A secret of our own making, kept beside the data, so that a first try needs no setting."""
    path = settings.data_dir / "secret_key"
    if not path.exists():
        if not settings.sqlite_path:
            raise SettingsError("VIESIS_SECRET_KEY: must be set when the database is PostgreSQL")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


_current: list[Settings] = []


def use(settings: Settings) -> None:
    """Make these the process's settings."""
    _current[:] = [settings]
    get.cache_clear()


@lru_cache(maxsize=1)
def get() -> Settings:
    """The process's settings."""
    return _current[0] if _current else load()
