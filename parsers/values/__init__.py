"""Texts made typed values, or flagged: dates, numbers, ticks, 字数."""
