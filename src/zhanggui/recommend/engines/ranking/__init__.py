"""The second stage: trees that order the best candidates anew, their probabilities, and what each of them rests on."""
