{{ source_absences('commerce') }}
