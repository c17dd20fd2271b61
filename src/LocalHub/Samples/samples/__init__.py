"""Writes model files for the sample hub with the real libraries. Writes only: nothing in this package ever loads a model file."""
