#!/bin/sh
# Prints the interpreter to make .venv with: $PYTHON if set, else the one the
# present .venv was made with, else the newest on the path. Each is tried by
# running it, because a name on the path may be a shim that leads nowhere.

needed='Python 3.10 to 3.13 with venv and SQLite 3.39 or later'

# Understood by every Python since 2.7; prints the interpreter or the obstacle.
probe='
import sys
version = "Python %d.%d.%d" % tuple(sys.version_info[:3])
if not (3, 10) <= sys.version_info[:2] <= (3, 13):
    sys.exit(version)
try:
    import ensurepip, venv
except ImportError:
    sys.exit(version + " without venv")
try:
    import sqlite3
except ImportError:
    sys.exit(version + " without sqlite3")
if sqlite3.sqlite_version_info < (3, 39):
    sys.exit(version + " with SQLite " + sqlite3.sqlite_version)
print(getattr(sys, "_base_executable", None) or sys.executable)
'

found=

# Prints the interpreter and ends if it is fit, else notes what is in the way.
try() {
    if answer=$("$1" -c "$probe" 2>&1); then
        printf '%s\n' "$answer"
        exit 0
    fi
    case $answer in
        'Python '[0-9]*) ;;
        *) answer='does not run' ;;
    esac
    found="${found:+$found; }$1: $answer"
}

if [ -n "$PYTHON" ]; then
    try "$PYTHON"
else
    [ -x .venv/bin/python ] && try .venv/bin/python
    IFS=:
    for name in python3.13 python3.12 python3.11 python3.10 python3 python; do
        for folder in $PATH; do
            [ -x "$folder/$name" ] && try "$folder/$name"
        done
    done
fi

printf '%s\n' "No usable Python (${found:-none found}): needed is $needed; \
name one with PYTHON=path." >&2
exit 1
