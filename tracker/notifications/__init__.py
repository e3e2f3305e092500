"""Who is told what by mail: one file per kind of mail, the outbox that keeps it and the mailer that sends it."""
