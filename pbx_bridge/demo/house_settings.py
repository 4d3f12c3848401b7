"""The service's settings for the demo: yours for everything that the demo does not bring itself."""

from __future__ import annotations

from dataclasses import replace

from pbx_bridge.demo.stage import DemoStage
from pbx_bridge.settings import Secret, Settings


def for_stage(yours: Settings, stage: DemoStage, port: int, *, quiet: bool) -> Settings:
    """Web on `port` of loopback, database in the stage's folder; PBX, mail and SMS as the stage has them."""
    pbx, timers = stage.config, stage.pace.timers
    return replace(
        yours,
        web=replace(yours.web, host="127.0.0.1", port=port, public_url=f"http://localhost:{port}"),
        database=replace(yours.database, url=f"sqlite:///{stage.folder / 'demo.db'}", password=Secret()),
        ami=replace(
            yours.ami,
            host="127.0.0.1",
            port=pbx.ami_port,
            username=pbx.ami_user,
            secret=Secret(pbx.ami_secret),
            tls=False,
        ),
        auth=replace(yours.auth, second_factor="offered"),
        calls=replace(yours.calls, wrap_up_seconds=stage.pace.wrap_up),
        transfers=replace(
            yours.transfers,
            ring_seconds=timers.ring,
            hold_limit_seconds=timers.hold_max,
            wait_seconds=timers.wait_max,
            grace_seconds=timers.grace,
            park_seconds=timers.park,
        ),
        nobody_free=replace(yours.nobody_free, recordings=stage.pbx.run_dir / "spool" / "voice"),
        mail=replace(
            stage.mail.settings, from_address=yours.mail.from_address, from_name=yours.mail.from_name
        ),
        sms=stage.sms.settings,
        desk=replace(yours.desk, allowed_origins=(*yours.desk.allowed_origins, f"http://127.0.0.1:{port}")),
        log=replace(yours.log, level="error" if quiet else "warning", format="console"),
    )
