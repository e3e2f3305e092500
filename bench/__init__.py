"""How fast the tracker is, as ratios to a bare page and a bare statement measured in the same run."""
