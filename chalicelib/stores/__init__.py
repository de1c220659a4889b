"""Whether all processes see the same stores."""
