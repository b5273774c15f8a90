"""The only reader of the environment and of the config file: what it does not know or cannot use, it says."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from donations.core.language import Language
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.core.typed import NAME_MAX
from donations.readers import Limits
from donations.store.opening import Bounds
from donations.store.place import is_place, place_of

PREFIX = "DONATIONS_"
MIB = 1024 * 1024
KEY_MIN = 32
"""Characters of a secret key (`store/host_key.py`)."""
SECRETS = ("database_url", "secret_key", "backup_passphrase", "metrics_token")
"""What may stand in a file of its own, named by the same name and `_file`: a secret of systemd or Docker."""


def _listed(value: object) -> object:
    """Split `a, b`, as a variable of the environment writes a list."""
    return [each.strip() for each in value.split(",") if each.strip()] if isinstance(value, str) else value


def _whole_key(word: SecretStr) -> SecretStr:
    if 0 < len(word.get_secret_value()) < KEY_MIN:
        raise ValueError(f"It has at least {KEY_MIN} random characters")
    return word


def _database_url(url: str) -> str:
    """Refuse what is no place for books; what was written is not repeated, for it may hold a password."""
    if not is_place(url):
        raise ValueError("It is sqlite:///FILE, or postgresql://USER@HOST/NAME")
    return url


def _web_address(address: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S{0,200}", address):
        raise ValueError("It begins with https:// or http://")
    return address


def _one_line(text: str) -> str:
    line = text.strip()
    if len(line) > NAME_MAX or not line.isprintable():
        raise ValueError(f"It is one line of at most {NAME_MAX} characters")
    return line


Line = Annotated[str, AfterValidator(_one_line)]
Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Settings, from `DONATIONS_*` variables first and `donations.toml` (or the file `DONATIONS_CONFIG`) second."""

    model_config = SettingsConfigDict(env_prefix="DONATIONS_", extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///donations.sqlite"
    """Where the books are: SQLite by default, or `postgresql://...` (install `donations[postgres]`)."""
    organisation: Line = ""
    """The payee's name as the bank has it; what the books know goes before it (`acts/registering.py`)."""
    user: Line = ""
    """Who is recorded as having decided; empty: the login name."""
    language: Annotated[Language | None, BeforeValidator(lambda said: said or None)] = None
    """What the terminal speaks: `et`, `en` or `ru`. Empty: as the computer does (`LC_ALL`, `LC_MESSAGES`, `LANG`)."""
    max_file_bytes: int = Field(default=64 * MIB, gt=0)
    max_lines: int = Field(default=1_000_000, gt=0)
    max_upload_bytes: int = Field(default=10 * MIB, gt=0)
    max_upload_lines: int = Field(default=20_000, gt=0)
    """Uploads come from a browser and are read while somebody waits: smaller than what the command line takes."""

    allowed_hosts: Listed = ()
    """Names under which the pages answer, besides localhost: `donations.example.org`."""
    trusted_proxies: Listed = ()
    """Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; none by default."""
    secret_key: Annotated[SecretStr, AfterValidator(_whole_key)] = SecretStr("")
    """What secrets in the database are sealed with and givers' codes are found by: 32 random characters or more. Empty:
    those in the file beside the database (`donations.key`), made when it is first needed. A backup needs it too, kept
    elsewhere. What the books hold proves it, and another one is refused (docs/adr/0036)."""
    sealed: bool = True
    """Whether books that are made, or brought over from an older program, keep names, accounts, codes, texts and files
    sealed. Without it who copies the database reads them. `donations keys seal` and `unseal` change it later
    (docs/adr/0042)."""
    access_log: bool = False
    """Whether the server prints a line of JSON for each request (`web/traffic.py`)."""
    metrics: bool = False
    """Whether `/metrics` answers this computer itself, where the pages serve no others."""
    metrics_token: Annotated[SecretStr, AfterValidator(_whole_key)] = SecretStr("")
    """Who brings it as a bearer token may read `/metrics` from anywhere: 32 random characters or more."""
    backup_passphrase: SecretStr = SecretStr("")
    """What opens encrypted backups, for commands that nobody sits before; else it is asked for."""
    address: Annotated[str, AfterValidator(_web_address)] = "http://localhost:8000"
    """Where people reach the pages: what links begin with that the command line prints."""
    header_seconds: float = Field(default=10, gt=0, le=3600)
    """How long the head of a request may take (`web/connections.py`)."""
    busy_seconds: float = Field(default=10, gt=0, le=3600)
    """How long a change waits while somebody else writes to the books; after that it is refused (`busy`)."""
    connections: int = Field(default=15, gt=0, le=1000)
    """How many connections to the database one program keeps open at most, but for the few that wait for nobody."""
    connection_seconds: float = Field(default=10, gt=0, le=3600)
    """How long one waits for one of them."""
    statement_seconds: float = Field(default=60, gt=0, le=86_400)
    """How long PostgreSQL may work on one statement for the pages."""
    change_seconds: float = Field(default=3_600, gt=0, le=86_400)
    """How long it may for a change, such as an import, for a job and for a command."""
    lock_seconds: float = Field(default=30, gt=0, le=3600)
    """How long PostgreSQL waits for what another program has locked; for who writes to the books: `busy_seconds`."""
    idle_seconds: float = Field(default=900, gt=0, le=86_400)
    """How long a transaction may stand in PostgreSQL while nothing is asked in it: others wait for what it locked."""
    jobs_here: bool = True
    """Whether a server does jobs itself; where `donations worker` runs beside it, it may leave them to that one."""
    session_idle_minutes: int = Field(default=60, gt=0)
    """After so long without a page one signs in again."""
    session_hours: int = Field(default=12, gt=0)
    """After so long one signs in again in any case."""

    @property
    def home(self) -> str:
        """The address of the public page, without the slash at its end."""
        return self.address.rstrip("/")

    @property
    def has_address(self) -> bool:
        """Whether somebody said where people reach the pages."""
        return "address" in self.model_fields_set

    @property
    def bounds(self) -> Bounds:
        """How long one waits for the database."""
        return Bounds(
            busy_seconds=self.busy_seconds,
            connections=self.connections,
            connection_seconds=self.connection_seconds,
            change_seconds=self.change_seconds,
            lock_seconds=self.lock_seconds,
            idle_seconds=self.idle_seconds,
        )

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
        fields = settings_cls.model_fields
        sources = (_in_files_of_environment(), _in_file(fields))
        named, told = (InitSettingsSource(settings_cls, each) for each in sources)
        return init_settings, named, env_settings, told


def read_settings() -> Settings:
    """Return the settings; raises `Refusal`, with the rule and where the value stands."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(map(_said, error.errors(include_input=False, include_url=False)))
        raise Refusal(RunningCode.BAD_SETTINGS, settings=wrong) from None


class SaidBy(StrEnum):
    """Where a setting comes from."""

    DEFAULT = "default"
    ENVIRONMENT = "environment"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A setting as it holds now."""

    name: str
    """Its variable."""
    value: str | int | bool | list[str] | None
    """None for what is secret."""
    is_set: bool
    """Whether it says anything at all."""
    origin: SaidBy
    place: str
    """The variable or the file that says it; empty where nothing does."""


def config_file_read() -> Path | None:
    """Return the config file that the settings are read from; None where there is none."""
    file = _config_file()
    return file.absolute() if file.exists() else None


def holdings(settings: Settings) -> Iterator[Holding]:
    """Yield every setting with where it comes from; nothing secret, of the database's address no password."""
    in_environment = {name.upper() for name in os.environ}
    file = config_file_read()
    in_file = _in_file(Settings.model_fields) if file else {}
    for field in Settings.model_fields:
        variable, value = PREFIX + field.upper(), getattr(settings, field)
        is_secret = isinstance(value, SecretStr)
        if said := next((each for each in (variable, f"{variable}_FILE") if each in in_environment), ""):
            origin, place = SaidBy.ENVIRONMENT, said
        elif field in in_file:
            origin, place = SaidBy.FILE, str(file)
        else:
            origin, place = SaidBy.DEFAULT, ""
        is_set = bool(value.get_secret_value() if is_secret else value not in {None, "", ()})
        shown = place_of(value) if field == "database_url" else list(value) if isinstance(value, tuple) else value
        yield Holding(name=variable, value=None if is_secret else shown, is_set=is_set, origin=origin, place=place)


def unknown_variables() -> Iterator[str]:
    """Yield what stands in the environment under our prefix and means nothing, each with what may be meant."""
    known = {PREFIX + name.upper() for name in (*_known(Settings.model_fields), "config", "debug")}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            yield _perhaps(name, known)


def _said(error: Any) -> str:
    name, rule = str(error["loc"][0]), str(error["msg"]).removeprefix("Value error, ")
    return f"{place_of_setting(name)} ({rule})"


def place_of_setting(name: str) -> str:
    """Return where a setting is said, if it is."""
    there = {each.upper(): value for each, value in os.environ.items()}
    variable = PREFIX + name.upper()
    if file := there.get(f"{variable}_FILE"):
        return f"{variable}_FILE={file}"
    return variable if variable in there else f"{name} in {_config_file()}"


def _known(fields: Iterable[str]) -> set[str]:
    return {*fields, *(f"{name}_file" for name in SECRETS)}


def _in_files_of_environment() -> dict[str, Any]:
    """Return what stands in files that the environment names. Raises `Refusal`."""
    there = {name.upper(): value for name, value in os.environ.items()}
    said = {
        name: value
        for each in SECRETS
        for name in (each, f"{each}_file")
        if (value := there.get(PREFIX + name.upper()))
    }
    read = {name for name in SECRETS if f"{name}_file" in said}
    found = _with_files(said, lambda name: PREFIX + name.upper())
    return {name: found[name] for name in read}


def _with_files(said: dict[str, Any], place: Callable[[str], str]) -> dict[str, Any]:
    """Return settings with what stands in the files that they name. Raises `Refusal`: no file, or said twice."""
    found = dict(said)
    for name in SECRETS:
        file = found.pop(f"{name}_file", None)
        if not file:
            continue
        where = place(f"{name}_file")
        if found.get(name):
            raise Refusal(RunningCode.BAD_SETTINGS, settings=f"{place(name)}, {where} (Only one of them is said)")
        try:
            found[name] = Path(str(file)).read_text("utf-8").rstrip("\r\n")
        except OSError as error:
            raise Refusal(RunningCode.BAD_SETTINGS, settings=f"{where}={file} ({error.strerror})") from None
        except UnicodeDecodeError:
            raise Refusal(RunningCode.BAD_SETTINGS, settings=f"{where}={file} (It is text in UTF-8)") from None
    return found


def _in_file(known: Iterable[str]) -> dict[str, Any]:
    """Return what the config file says; none is needed, unless one is named. Raises `Refusal`."""
    path, is_named = _config_file(), "DONATIONS_CONFIG" in os.environ
    if not is_named and not path.exists():
        return {}
    try:
        content = path.read_bytes()
    except OSError as error:
        cause = str(error.strerror)
        raise Refusal(RunningCode.NO_CONFIG_FILE, file=str(path.absolute()), cause=cause) from None
    found = _parsed(content, path)
    names = _known(known)
    unknown = [_perhaps(name, names) for name in found if name not in names]
    if unknown:
        raise Refusal(RunningCode.UNKNOWN_SETTING, file=str(path), settings=", ".join(unknown))
    return _with_files(found, lambda name: f"{name} in {path}")


def _parsed(content: bytes, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        at, what = content[: error.start].count(b"\n") + 1, "it is not written in UTF-8"
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        at, what = int(found[1]) if found else content.count(b"\n") + 1, "it is not TOML"
    raise Refusal(RunningCode.BAD_CONFIG_FILE, file=str(path), line=at, cause=what)


def _config_file() -> Path:
    return Path(os.environ.get("DONATIONS_CONFIG", "donations.toml"))


def _perhaps(name: str, known: set[str]) -> str:
    """Return a name that is not known, with the known one that looks like it."""
    alike = get_close_matches(name, known, n=1) or get_close_matches(name.upper().removeprefix(PREFIX).lower(), known)
    return f"{name} (perhaps {alike[0]}?)" if alike else name
