"""From forms to a dossier: where a mail belongs, which papers are in force, which items they make."""
