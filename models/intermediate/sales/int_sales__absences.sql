{{ source_absences('sales', sales_entities()) }}
