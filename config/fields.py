"""What a section of the settings is made of."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from config.values import matching

E_MAIL = matching(r"[^@\s]+@[^@\s]+", "must be an e-mail address")


def setting(default: Any, says: str, example: object = None, *, feature: str = "", **limits: Any) -> Any:
    """Return a field. says: what it is; example: a value of the right form; feature: as Section's."""
    examples, extra = [default if example is None else example], {"feature": feature}
    return Field(default, description=says, examples=examples, json_schema_extra=extra, **limits)  # type: ignore[arg-type]


def secret(says: str, example: str, default: SecretStr | None = None, *, feature: str = "") -> Any:
    """Return a field that only the environment may give."""
    field = setting(default, says, example, feature=feature)
    field.json_schema_extra["secret"] = True
    return field


class Section(BaseModel):
    """One section. feature: what needs it, as in "needed for …"."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)
    feature: ClassVar[str] = ""
