"""Every setting as a frozen value; `settings.toml` documents each key, `load` reports all problems."""

from pbx_bridge.settings.consistency import doubts
from pbx_bridge.settings.reader import SettingsError, effective, load
from pbx_bridge.settings.sections import (
    AlarmSettings,
    AmiSettings,
    AuthSettings,
    CalendarSettings,
    CallSettings,
    DatabaseSettings,
    DeliverySettings,
    DeskSettings,
    LogSettings,
    MailSettings,
    NobodyFreeSettings,
    PbxSettings,
    RetentionSettings,
    Settings,
    SmsSettings,
    TransferSettings,
    WebSettings,
)
from pbx_bridge.settings.values import Secret

__all__ = [
    "AlarmSettings",
    "AmiSettings",
    "AuthSettings",
    "CalendarSettings",
    "CallSettings",
    "DatabaseSettings",
    "DeliverySettings",
    "DeskSettings",
    "LogSettings",
    "MailSettings",
    "NobodyFreeSettings",
    "PbxSettings",
    "RetentionSettings",
    "Secret",
    "Settings",
    "SettingsError",
    "SmsSettings",
    "TransferSettings",
    "WebSettings",
    "doubts",
    "effective",
    "load",
]
