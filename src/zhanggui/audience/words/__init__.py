"""Words of the room: codes in, sentences in the reader's language out."""
