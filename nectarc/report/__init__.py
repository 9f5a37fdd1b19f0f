"""What policies and rules mean and do, for people and programs."""
