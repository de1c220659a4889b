"""HTTP: pages for people, JSON for programs. Handlers translate; they decide nothing."""
