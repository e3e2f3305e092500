"""What is done: one function per verb. They flush and never commit."""
