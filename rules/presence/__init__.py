"""Who is there: appointments, absences and working hours, now and until when."""
