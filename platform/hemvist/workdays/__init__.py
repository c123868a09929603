"""What a working day holds (dagens arbete): one place says which rows are whose to do."""
