"""Labelled records: the person of each is known, so that matching can be judged.

`python -m tools.generate.labelled --kind contacts --records 100000 --out FILE`
"""
