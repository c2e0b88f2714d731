"""What a person or a monitoring system is told of the service itself; nothing here touches a mail."""
