"""Counting published results again, with code that shares nothing with what counted them first."""
