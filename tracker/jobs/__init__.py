"""What wakes by itself: one file per job, ``schedule.py`` is the timetable, ``runner.py`` runs one job."""
