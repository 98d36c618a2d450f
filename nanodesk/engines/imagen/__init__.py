"""Google's task models on the Agent Platform: upscaling and segmenting, with a project and credentials of one's own."""
