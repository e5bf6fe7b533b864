"""The report on the leads: charts of the daily lists, as a page or in a notebook."""
