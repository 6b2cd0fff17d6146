"""A copy of the whole database in one file, taken while Voc runs."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from bot.errors import RequestError


def backup(engine: Engine, file: Path) -> None:
    """Write a consistent copy to a new file: a SQLite database, or pg_dump's custom format for pg_restore.

    Raises RequestError when the file exists already, or when PostgreSQL's own pg_dump is missing or fails.
    """
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as exc:
        raise RequestError(f"{file} exists already; name a new file.") from exc
    try:
        if engine.dialect.name == "sqlite":
            _copy(engine, file)
        else:
            _dump(engine, file)
    except BaseException:
        file.unlink()  # half a backup is worse than none
        raise


def _copy(engine: Engine, file: Path) -> None:
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()  # the driver's own: VACUUM refuses to run in a transaction
        cursor.execute("VACUUM INTO ?", (str(file),))
        cursor.close()


def _dump(engine: Engine, file: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise RequestError("A backup of PostgreSQL needs its program pg_dump (package postgresql-client).")
    url = engine.url.set(drivername="postgresql")
    password = url.password or ""
    address = url.set(password=None).render_as_string(hide_password=False)
    run = subprocess.run(
        [program, "--format=custom", f"--file={file}", f"--dbname={address}"],
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        reason = run.stderr.strip().splitlines()[-1:] or [f"exit code {run.returncode}"]
        raise RequestError(f"pg_dump failed: {reason[0]}")
