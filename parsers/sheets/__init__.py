"""Spreadsheets: what .xlsx, .xls and .et show, looked at before they are unfolded."""
