"""How plans are worded: tables of wordings, and pure functions that read a phrase by them."""
