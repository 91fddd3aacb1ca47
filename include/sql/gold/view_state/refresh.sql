-- Refreshes one view while people go on reading it. Runs outside a transaction of ours.
-- Rows out: none; the view is what the rollups say at the moment the statement begins.

refresh materialized view concurrently {{ gold }}.{{ view }};
