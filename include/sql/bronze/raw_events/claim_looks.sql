-- One looks again at an instance at a time, as long as this connection lives: what is due is worked out after the one
-- before is done, so nothing is looked at twice, and who is killed gives it back. Rows out: whether it is ours.

select pg_try_advisory_lock(hashtextextended('looking again at ' || %(source)s || ' ' || %(instance)s, 0));
