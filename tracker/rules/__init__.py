"""What is true: plain values in, a value out. No Flask, no database, no clock."""
