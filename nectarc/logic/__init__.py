"""Questions about all traces: formulas of policies and of rules, value classes, a SAT solver."""
