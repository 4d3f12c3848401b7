"""What changed at a company, for two weeks."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Table

from pbx_bridge.storage.tables.columns import key, metadata, moment, of

company_change = Table(
    "company_change",
    metadata,
    key(),
    of("customer_id", "customer"),
    moment("at"),
    Column("news", JSON, nullable=False),
    of("employee_id", "employee", optional=True),
    Index("company_change_at", "at"),
    Index("company_change_customer", "customer_id"),
    Index("company_change_employee", "employee_id"),
)
