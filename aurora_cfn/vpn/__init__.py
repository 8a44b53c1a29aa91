"""The certificates of a Client VPN, and what a client needs to connect."""
