"""Commands around the warehouse; each runs as `python -m scripts.<name>`."""
