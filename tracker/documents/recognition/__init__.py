"""Recognition: a ``Paper`` in, a ``PlanDraft`` out. The wordings stand in ``rules/reading``, the walking here."""
