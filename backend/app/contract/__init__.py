"""What this server promises, and whether it keeps it: the room of the contract."""
