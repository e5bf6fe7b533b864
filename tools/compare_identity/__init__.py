"""Runs other tools for identity resolution over labelled records, to compare.

`python -m tools.compare_identity --tool splink --csv FILE --fields FILE --truth COLUMN`
with the Python of an environment of its own: see the requirements beside this.
"""
