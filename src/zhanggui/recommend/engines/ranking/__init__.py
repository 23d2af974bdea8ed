"""The second stage, after `first_stage`: trees order its best anew; their chances, and what each of them rests on."""
