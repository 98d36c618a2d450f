"""Google's generative picture models through the Gemini API."""
