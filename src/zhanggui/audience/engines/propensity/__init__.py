"""What a customer is likely to do next, as chances that can be believed: learned, calibrated and explained."""
