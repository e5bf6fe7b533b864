"""Runs labelled records through the identity component and judges the result.

`python -m tools.identity_eval --csv FILE --fields FILE --truth COLUMN`
"""
