"""What goes back to the sender: the kind of letter, its sections, its wording, its bytes."""
