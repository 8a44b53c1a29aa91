"""What listens for the clients of databases, whatever protocol they speak: addresses, the thread, IAM tokens."""
