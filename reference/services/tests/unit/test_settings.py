"""A service that is told something wrong does not start, and says everything that is wrong at once."""

from pathlib import Path

import pytest

from insights_service.settings import Settings as InsightsSettings
from service_common.settings import load, read_secret
from whoop_service.connecting import conninfo
from whoop_service.settings import SeedSettings, Settings


def complaints(capsys: pytest.CaptureFixture[str], kind: type[Settings]) -> str:
    with pytest.raises(SystemExit) as end:
        load(kind, "whoop-service")
    assert end.value.code == 78
    return capsys.readouterr().err


def test_settings_are_read_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("POOL_MAX", "7")
    settings = load(Settings, "whoop-service")
    assert (settings.pool_max, settings.database_port, settings.release) == (7, 5432, "dev")
    assert read_secret(settings.database_password_file) == "hunter2-hunter2"
    assert load(InsightsSettings, "insights-service").whoop_url.port == 8000


def test_all_missing_settings_are_named_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DATABASE_HOST", "DATABASE_USER", "REDIS_HOST"):
        monkeypatch.delenv(name, raising=False)
    text = complaints(capsys, Settings)
    for name in (
        "DATABASE_HOST",
        "DATABASE_USER",
        "DATABASE_PASSWORD_FILE",
        "REDIS_HOST",
        "REDIS_PASSWORD_FILE",
    ):
        assert f"{name}: is required and not set" in text


def test_wrong_values_are_explained_but_never_shown(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("POOL_MAX", "90125")
    environment.setenv("DATABASE_PORT", "s3cret-port")
    environment.setenv("RELEASE", "s3cret release")
    environment.setenv("REDIS_PASSWORD_FILE", "/s3cret/place")
    text = complaints(capsys, Settings)
    assert "4 setting(s) to mend" in text
    assert "POOL_MAX: Input should be less than or equal to 50" in text
    assert "REDIS_PASSWORD_FILE: Value error, must name a file that exists" in text
    assert "90125" not in text
    assert "s3cret" not in text


def test_an_empty_secret_is_refused(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "empty").write_text(" \n")
    environment.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "empty"))
    assert "DATABASE_PASSWORD_FILE: Value error, must name a file that is not empty" in complaints(
        capsys, Settings
    )


def test_seeding_requires_the_keys_even_when_their_files_are_not_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        load(SeedSettings, "whoop-service (seed)")
    text = capsys.readouterr().err
    assert "PARTNER_KEY_FILE: Value error, must name a file that exists" in text
    assert "INSIGHTS_KEY_FILE: Value error, must name a file that exists" in text


@pytest.mark.parametrize(
    "content", ["", " \n", "sh0rt", "two lines\nof it", "with a\tblank inside", "s\u00e9cret-s\u00e9cret"]
)
def test_a_secret_is_one_line_of_visible_characters(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str
) -> None:
    (tmp_path / "secret").write_text(content)
    environment.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    text = complaints(capsys, Settings)
    assert "1 setting(s) to mend" in text
    assert "DATABASE_PASSWORD_FILE" in text
    assert not content.strip() or content.strip() not in text


def test_the_line_break_that_editors_add_to_a_secret_does_no_harm(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("hunter2-hunter2\n")
    environment.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    assert read_secret(load(Settings, "whoop-service").database_password_file) == "hunter2-hunter2"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_HOST", "postgres\n"),
        ("DATABASE_HOST", "postgresql://postgres"),
        ("DATABASE_HOST", "postgres:5432"),
        ("DATABASE_NAME", "whoop user=postgres"),
        ("DATABASE_USER", ""),
        ("REDIS_HOST", "red is"),
    ],
)
def test_what_would_fail_at_the_first_connection_is_refused_at_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    environment.setenv(name, value)
    assert f"\n  {name}: " in complaints(capsys, Settings)


def test_several_database_hosts_may_be_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_HOST", "postgres,postgres-us-west-2,10.0.0.3")
    assert load(Settings, "whoop-service").database_host.count(",") == 2


def test_who_migrates_has_a_password_of_his_own(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "owner").write_text("correct horse".replace(" ", "-"))
    environment.setenv("MIGRATION_USER", "whoop_owner")
    assert "MIGRATION_PASSWORD_FILE: Value error, is required where" in complaints(capsys, Settings)
    environment.setenv("MIGRATION_PASSWORD_FILE", str(tmp_path / "owner"))
    settings = load(Settings, "whoop-service")
    assert "user=whoop " in conninfo(settings)
    assert "user=whoop_owner password=correct-horse" in conninfo(settings, to_migrate=True)
