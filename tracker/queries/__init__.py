"""What is asked: functions that return a Select or rows. Never write."""
