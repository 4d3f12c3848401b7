"""Abwesenheitsinfo: the lasting word about each employee."""
