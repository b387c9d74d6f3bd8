"""The environment, read once. Every setting is `MAILROOM_*`; docs/operating.md shows them in one table."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import ConfigurationError


class Settings(BaseSettings):
    """Wrong values stop the start with one line (see `read_settings`)."""

    model_config = SettingsConfigDict(env_prefix="MAILROOM_", env_ignore_empty=True, extra="ignore")

    data: Path = Field(Path("mailroom-data"), description="folder of the embedded SQLite file and object store")
    database_url: str | None = Field(None, description="postgresql+psycopg://… or sqlite:///…; default: in `data`")
    object_store: str | None = Field(
        None, description="file:///… or s3://bucket?endpoint=host:port; default: in `data`"
    )
    mode: Literal["live", "shadow"] = Field("live", description="shadow decides and shows, but has no effect")
    language: Literal["fr", "en"] = Field("fr", description="of the desk and of the terminal")
    workers: int = Field(2, ge=0, le=64, description="reading processes; 0 reads in this process")
    classifier: Path | None = Field(None, description="folder of another Hugging Face model with the same labels")
    policy: Path | None = Field(None, description="decision policy (TOML); default: the one that ships")
    agency: Path | None = Field(None, description="who we are (TOML); default: the copy kept in `data`")
    inbox: Path | None = Field(None, description="folder that the nightly batch and `watch` take files from")
    mailbox_url: SecretStr | None = Field(None, description="imaps://user:password@host/INBOX")
    claims_url: SecretStr | None = Field(None, description="collection system's database; claims are read from it")
    claims_view: str | None = Field(None, description="view with the columns of claims.csv: name or schema.name")
    host: str = Field("127.0.0.1", description="of `mailroom serve`")
    port: int = Field(8080, ge=1, le=65535, description="of `mailroom serve`")
    secret_key: SecretStr | None = Field(None, description="signs the desk's cookies; default: made once in `data`")
    webhook_allow: str = Field(
        "", description="comma-separated hosts or networks webhooks may reach besides the public"
    )
    cron: str = Field("30 20 * * 1-6", description="of `mailroom schedule`, in `timezone`")
    timezone: str = Field("Europe/Paris", description="of dates shown and of the schedule")
    batch: int = Field(100, ge=1, le=500, description="receipts in one Prefect task")
    now: str | None = Field(None, description="freezes the clock (ISO 8601 with zone): tests and the demo")
    debug: bool = Field(False, description="tracebacks on errors")

    @property
    def own_classifier(self) -> Path:
        """Where a promoted model lies."""
        return self.classifier or self.data / "classifier"

    @property
    def running_classifier(self) -> Path | None:
        """The model at work: the one named, else the one promoted here, else None: the one that ships."""
        promoted = (self.data / "classifier" / "calibration.json").exists()
        return self.classifier or (self.data / "classifier" if promoted else None)

    @property
    def ledger_url(self) -> str:
        return self.database_url or f"sqlite:///{(self.data / 'mailroom.sqlite').resolve()}"

    @property
    def store_url(self) -> str:
        return self.object_store or (self.data / "objects").resolve().as_uri()


def read_settings(**overrides: object) -> Settings:
    """Environment, then `overrides` that are not None. Raises ConfigurationError naming the variable and the remedy."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "MAILROOM_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"{name}: {first['msg']}", "correct or unset it") from None
