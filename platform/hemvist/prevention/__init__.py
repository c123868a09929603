"""Reaching those who are late with the rent before they lose the home (vräkningsförebyggande arbete)."""
