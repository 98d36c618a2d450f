"""Questions to the designer; every one is opened, never waited for in a loop of its own."""
