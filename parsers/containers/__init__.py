"""Files that hold other files: archives, Outlook's wrappings, zip packages, compound files."""
