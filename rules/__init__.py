"""Decide: facts in, a decision with its reason out; no I/O, no clock, no logging."""
