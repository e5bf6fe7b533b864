{{ source_pictures('commerce') }}
