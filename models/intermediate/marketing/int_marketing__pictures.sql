{{ source_pictures('marketing') }}
