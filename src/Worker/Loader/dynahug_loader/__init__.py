"""Loads one model file, hostile until shown otherwise, so that an observer outside the sandbox can see what that does."""
