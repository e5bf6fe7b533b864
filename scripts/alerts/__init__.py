"""Telling people what broke: one message per run, no fault twice."""
