"""What a person fills in: one file per place, the same name as its view."""
