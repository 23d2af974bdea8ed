"""The parts that `build` puts a shop together from: one module for what stands behind each group of ports."""
