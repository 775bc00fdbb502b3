"""When totals are sums of the finest groups, and when each level is released on its own."""
