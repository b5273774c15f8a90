"""The only reader of the environment and of the config file."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from donations.readers import Limits

MIB = 1024 * 1024


def _listed(value: object) -> object:
    """Split `a, b`, as a variable of the environment writes a list."""
    return [each.strip() for each in value.split(",") if each.strip()] if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Settings, from `DONATIONS_*` variables first and `donations.toml` (or the file `DONATIONS_CONFIG`) second."""

    model_config = SettingsConfigDict(env_prefix="DONATIONS_", extra="ignore", frozen=True)

    database_url: str = "sqlite:///donations.sqlite"
    """Where the books are: SQLite by default, or `postgresql://...` (install `donations[postgres]`)."""
    organisation: str = "Our association"
    """The payee's name as the bank has it."""
    max_file_bytes: int = Field(default=64 * MIB, gt=0)
    max_lines: int = Field(default=1_000_000, gt=0)
    max_upload_bytes: int = Field(default=10 * MIB, gt=0)
    max_upload_lines: int = Field(default=20_000, gt=0)
    """Uploads come from a browser and are read while somebody waits: smaller than what the command line takes."""

    allowed_hosts: Listed = ()
    """Names under which the pages answer, besides localhost: `donations.example.org`."""
    trusted_proxies: Listed = ()
    """Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; none by default."""
    secret_key: SecretStr = SecretStr("")
    """What secrets in the database are sealed with: 32 random characters or more. Empty: those in the file beside the
    database (`donations.key`), made when it is first needed. A backup needs it too, kept elsewhere."""
    address: str = "http://localhost:8000"
    """Where people reach the pages: what links begin with that the command line prints."""
    session_idle_minutes: int = Field(default=60, gt=0)
    """After so long without a page one signs in again."""
    session_hours: int = Field(default=12, gt=0)
    """After so long one signs in again in any case."""

    @property
    def home(self) -> str:
        """The address of the public page, without the slash at its end."""
        return self.address.rstrip("/")

    @property
    def session_idle(self) -> timedelta:
        """How long a session stands unused."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_absolute(self) -> timedelta:
        """How long a session stands at all."""
        return timedelta(hours=self.session_hours)

    @property
    def limits(self) -> Limits:
        """Limits for files given on the command line."""
        return Limits(file_bytes=self.max_file_bytes, lines=self.max_lines)

    @property
    def upload_limits(self) -> Limits:
        """Limits for files that come through the web page."""
        return Limits(file_bytes=self.max_upload_bytes, lines=self.max_upload_lines)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the config file behind the environment."""
        del dotenv_settings, file_secret_settings
        config = Path(os.environ.get("DONATIONS_CONFIG", "donations.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config)
