"""Bounds that are estimated privately: what is counted, which bound is chosen, who pays when."""
