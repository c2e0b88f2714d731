"""The configuration file, the accounts that it names, and which of their parts are still configured."""
