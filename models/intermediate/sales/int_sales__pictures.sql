{{ source_pictures('sales', sales_entities()) }}
