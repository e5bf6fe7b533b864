{{ source_absences('marketing') }}
