"""Settings: what wins over what, and that every mistake is told at once and in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pbx_bridge.settings import Secret, Settings, SettingsError, effective, load


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(text: str, folder: Path, environ: dict[str, str] | None = None) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        load(written(folder, text), environ or {})
    return {problem.key: problem.text for problem in caught.value.problems}


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(written(tmp_path, ""), {}) == Settings()


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    settings = load(written(tmp_path, '[ami]\nhost = "192.0.2.5"'), {})
    assert settings.ami.host == "192.0.2.5"
    assert settings.ami.port == Settings().ami.port


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[web]\nport = 1000")
    assert load(path, {"PBX_BRIDGE_WEB_PORT": "2000"}).web.port == 2000


@pytest.mark.parametrize(
    "variable, text, key, value",
    [
        ("PBX_BRIDGE_AMI_TLS", "yes", "ami.tls", True),
        ("PBX_BRIDGE_AMI_TLS", "off", "ami.tls", False),
        ("PBX_BRIDGE_AMI_PING_SECONDS", "2.5", "ami.ping_seconds", 2.5),
        ("PBX_BRIDGE_TRANSFERS_CALLER_SHOWN", "pai", "transfers.caller_shown", "pai"),
        ("PBX_BRIDGE_TRANSFERS_ALLOWED_COUNTRIES", "DE, AT", "transfers.allowed_countries", ("DE", "AT")),
        ("PBX_BRIDGE_PBX_PHONES", "anna=register", "pbx.phones", {"anna": "register"}),
        ("PBX_BRIDGE_PBX_RUN_DIR", "elsewhere", "pbx.run_dir", Path("elsewhere")),
    ],
)
def test_every_kind_of_value_can_come_from_the_environment(
    variable: str, text: str, key: str, value: object, tmp_path: Path
) -> None:
    settings = load(written(tmp_path, ""), {variable: text})
    assert dict(effective(settings))[key] == value


def test_a_secret_comes_from_a_variable_or_from_the_file_it_names(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    secret = tmp_path / "secret"
    secret.write_text("from-file\n")
    assert load(path, {"PBX_BRIDGE_AMI_SECRET": "direct"}).ami.secret.reveal() == "direct"
    assert load(path, {"PBX_BRIDGE_AMI_SECRET_FILE": str(secret)}).ami.secret.reveal() == "from-file"


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    settings = load(written(tmp_path, ""), {"PBX_BRIDGE_AMI_SECRET": "hunter-two"})
    shown = f"{settings} {settings!r} {settings.ami.secret} {dict(effective(settings))}"
    assert "hunter-two" not in shown
    assert "***" in shown


def test_secrets_compare_by_value() -> None:
    assert Secret("a") == Secret("a") != Secret("b")


def test_all_problems_come_in_one_message(tmp_path: Path) -> None:
    problems = problems_of(
        """
        [ami]
        prot = 5038
        secret = "in the file"
        [web]
        port = "eight"
        [log]
        level = "loud"
        [trasnfers]
        """,
        tmp_path,
        {"PBX_BRIDGE_WEB_PROT": "1"},
    )
    assert problems == {
        "trasnfers": 'unknown section; did you mean "transfers"?',
        "web.port": "must be a whole number",
        "ami.prot": 'unknown key; did you mean "port"?',
        "ami.secret": "is a secret: take it out of the file and set "
        "PBX_BRIDGE_AMI_SECRET or PBX_BRIDGE_AMI_SECRET_FILE",
        "log.level": 'must be one of "debug", "info", "warning", "error"',
        "PBX_BRIDGE_WEB_PROT": 'unknown variable; did you mean "PBX_BRIDGE_WEB_PORT"?',
    }


def test_a_secret_in_the_file_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    assert "hunter-two" not in str(problems_of('[ami]\nsecret = "hunter-two"', tmp_path))


@pytest.mark.parametrize(
    "text, key, words",
    [
        ("[web]\nport = 70000", "web.port", "between 0 and 65535"),
        ("[web]\nport = true", "web.port", "a whole number"),
        ("[ami]\ntls = 1", "ami.tls", "true or false"),
        ("[ami]\nhost = 5", "ami.host", "text"),
        ('[transfers]\nallowed_countries = "DE"', "transfers.allowed_countries", "a list"),
        ('[transfers]\nallowed_kinds = ["premium"]', "transfers.allowed_kinds", '"geographic"'),
        ("[pbx.phones]\nanna = 5", "pbx.phones", "a table of texts"),
        ('web = "x"', "web", "write [web]"),
        ("[auth]\nargon2_memory_kib = 1024", "auth.argon2_memory_kib", "19456"),
        ("[web", "settings.toml", "is not TOML"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_wanted(text: str, key: str, words: str, tmp_path: Path) -> None:
    assert words in problems_of(text, tmp_path)[key]


@pytest.mark.parametrize(
    "text, key",
    [
        ('[web]\npublic_url = "sekretariat"', "web.public_url"),
        ('[web]\npublic_url = "http://["', "web.public_url"),
        ('[web]\ntrusted_proxies = ["proxy.example"]', "web.trusted_proxies"),
        ('[web]\ntrusted_proxies = ["10.0.0.0/33"]', "web.trusted_proxies"),
        ('[web]\ntrusted_proxies = ["10.0.0.1", "0.0.0.0/0"]', "web.trusted_proxies"),
        ('[web]\ntrusted_proxies = ["::/0"]', "web.trusted_proxies"),
        ('[database]\nurl = "mysql://x"', "database.url"),
        ('[database]\nurl = "postgresql://u:p@h/d"', "database.url"),
        ("[ami]\ndead_after_seconds = 4", "ami.dead_after_seconds"),
        ("[ami]\nbackoff_max_seconds = 0.1", "ami.backoff_max_seconds"),
        ("[auth]\ndelay_max_seconds = 0.5", "auth.delay_max_seconds"),
        ("[delivery]\nlease_seconds = 600", "delivery.lease_seconds"),
        ("[pbx]\nrtp_end = 9000", "pbx.rtp_end"),
        ('[pbx.phones]\nanna = "PJSIP/anna"', "pbx.phones.anna"),
        ("[transfers]\nhold_limit_seconds = 20", "transfers.hold_limit_seconds"),
        ('[transfers]\ninternal = "[1-8"', "transfers.internal"),
        ('[transfers]\ninternal = "\\\\d+"', "transfers.internal"),
        ('[pbx]\ninternal_via = "trunk,300"', "pbx.internal_via"),
        ("[mail]\ntls = true", "mail.starttls"),
        ('[sms]\npreset = "kannel"', "sms.url"),
        ('[alarms]\nto = ["betrieb@example.org", "anna"]', "alarms.to"),
        ('[alarms]\nsms_to = "0171 3920040"', "alarms.sms_to"),
        ('[alarms]\nsms_to = "+491713920040"', "alarms.sms_to"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(text: str, key: str, tmp_path: Path) -> None:
    assert key in problems_of(text, tmp_path)


def test_docker_trusts_the_proxy_on_its_machine(tmp_path: Path, root: Path) -> None:
    variable = "PBX_BRIDGE_WEB_TRUSTED_PROXIES"
    compose = (root / "docker/compose.yaml").read_text()
    found = re.search(rf"{variable}: \$\{{TRUSTED_PROXIES:-([^}}]*)\}}", compose)
    assert found
    settings = load(written(tmp_path, ""), {variable: found[1]})
    assert settings.web.trusted_proxies == ("127.0.0.0/8", "::1")


def test_a_password_without_a_user_name_is_refused(tmp_path: Path) -> None:
    assert "mail.username" in problems_of("", tmp_path, {"PBX_BRIDGE_MAIL_PASSWORD": "x"})


def test_the_database_password_goes_into_the_address_and_nowhere_else(tmp_path: Path) -> None:
    path = written(tmp_path, '[database]\nurl = "postgresql://sec@db.example:5433/sec"')
    database = load(path, {"PBX_BRIDGE_DATABASE_PASSWORD": "a/b@c"}).database
    assert database.full_url() == "postgresql://sec:a%2Fb%40c@db.example:5433/sec"
    assert "a/b" not in repr(database)
    assert Settings().database.full_url() == Settings().database.url


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(SettingsError, match="cannot be read"):
        load(missing, {})
    with pytest.raises(SettingsError, match="cannot be read"):
        load(None, {"PBX_BRIDGE_SETTINGS": str(missing)})


def test_a_secret_file_that_is_missing_is_a_problem_of_its_key(tmp_path: Path) -> None:
    problems = problems_of("", tmp_path, {"PBX_BRIDGE_AMI_SECRET_FILE": str(tmp_path / "none")})
    assert "PBX_BRIDGE_AMI_SECRET_FILE" in problems["ami.secret"]
