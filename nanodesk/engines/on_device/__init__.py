"""The engine of this computer: a table of operations, a grammar for sentences, no network and no generative model."""
