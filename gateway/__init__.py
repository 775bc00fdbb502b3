"""Noisegate: a differentially private SQL gateway. A question goes straight through:

    exchange.Request                 what an analyst asked, through any door (server/, cli/)
    -> sql.parse, sql.resolve        text -> one query with names, types and allowed functions
    -> privacy.releases, .plan       where rows become numbers, whose rows, how bounded, what noise
    -> rewrite.emit                  the plan's statement for one engine
    -> edges.Ledger.charge           the cost, durable before a protected row is read
    -> edges.Engine.run              exact integers, which only noise/ can open
    -> noise.release                 noisy tables
    -> postprocess                   the rest of the analyst's SQL over the noisy tables
    -> exchange.Answer               rows, half-widths, what was charged, what is left

`answer.py` is this line in code; everything before the charge is pure, and is `explain`.
"""

__version__ = "0.1.0"
