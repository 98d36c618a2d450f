"""What Google's engines share: the way to the service, its faults, and how pictures travel."""
