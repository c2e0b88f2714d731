"""From located cells to forms: which printed form it is, and what stands in its fields and lists."""
