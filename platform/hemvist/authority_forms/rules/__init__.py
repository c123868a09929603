"""Rules that answer a form's questions: each finds rows of cases."""
