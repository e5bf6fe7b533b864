"""Samples of CRM exports: realistic, referentially sound, the same per seed.

No real person or company can be meant: domains are of the reserved `.example`
and phone numbers of the ranges that each country keeps for fiction.
"""
