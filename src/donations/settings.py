"""The only reader of the environment and of the config file."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from donations.readers import Limits

MIB = 1024 * 1024


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
