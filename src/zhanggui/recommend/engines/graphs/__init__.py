"""Which methods make the neighbour lists that serve: fitted, cut, summed and judged by what people took next."""
