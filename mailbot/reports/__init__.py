"""What staff read: the daily digest, the register as a workbook."""
