"""What the rules look at, one family a module: a case in, findings out."""
