"""Crashes by NHTSA's pre-crash type: who meets whom and how; the solver says what comes of it. numpy only."""
