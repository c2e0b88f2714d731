"""What is kept, and proved to be: the raw mails, copies of everything, the folder on the server, removal in time."""
