"""Units and vacancies (bostäder)."""
