"""Everything a person outside reads, as Jinja2 templates. Templates decide nothing."""
