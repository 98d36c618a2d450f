"""Fitting a model's answer to its base: register, match tone, find what changed, insert only that."""
