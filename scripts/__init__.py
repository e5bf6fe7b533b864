"""The commands of the warehouse; each is run as `python -m scripts.<name>`."""
