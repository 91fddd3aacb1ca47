-- Waits for whoever read the list in a transaction that still goes on, and keeps others from it until this one ends.
lock table {{ ops }}.erasures in access exclusive mode
