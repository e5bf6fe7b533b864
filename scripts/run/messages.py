"""What dbt says, as one line for people."""


def one_line(message: object) -> str:
    """Join the lines of a message, without those about dbt's own files."""
    lines = (line.strip() for line in str(message).splitlines())
    kept = [line for line in lines if line and not line.startswith("compiled code")]
    return " ".join(kept) or type(message).__name__
